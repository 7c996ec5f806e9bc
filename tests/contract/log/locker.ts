/**
 * A process that locks a folder, for the tests of the lock: it prints `held`, and answers each line
 * with `held` or with why it lost it. `without` a socket, only its beat shows that it is alive.
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { lockFolder } from "../../../adapters/log/pglite/lock.ts";

const [folder = "", how = ""] = process.argv.slice(2);
const lock = await lockFolder(folder, { socket: how !== "without" });

const answer = (): string => {
  try {
    lock.assertHeld();
    return "held";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

console.log(answer());
createInterface({ input: process.stdin }).on("line", () => console.log(answer()))
  .on("close", () => process.exit());
