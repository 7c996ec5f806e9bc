import process from "node:process";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";

const LOOK_MS: Milliseconds = 1 * SECOND_MS;

// Read when the program is loaded: opening a database takes time, in which npm may die.
const PARENT = process.ppid;

/**
 * Calls `orphaned` once the process that began this one has died, where that was `npm start`: npm
 * may be killed without signalling what it runs, which would then hold its port and folder. A
 * server that was started by anything else may outlive its parent.
 */
export const watchParent = (orphaned: () => void): void => {
  if (process.env["npm_lifecycle_event"] !== "start") return;
  const timer = setInterval(() => {
    if (process.ppid === PARENT) return;
    clearInterval(timer);
    orphaned();
  }, LOOK_MS);
  timer.unref();
};
