/** The server on Node: `npm start`. */
import { runProgram } from "../server/program.ts";
import { startServer } from "./server.ts";

await runProgram(startServer);
