/** The server on Node: `npm start`. */
import { runServer } from "./workers.ts";

await runServer();
