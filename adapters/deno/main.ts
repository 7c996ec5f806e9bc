/** The server on Deno: `deno run -A adapters/deno/main.ts`. */
import { runProgram } from "../server/program.ts";
import { startServer } from "./server.ts";

await runProgram(startServer);
