import { run } from "ledgerline/deno";

await run();
