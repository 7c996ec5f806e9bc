/** How much processor time a process has used, where the system tells it. */
import { readFileSync } from "node:fs";

/** Linux counts in hundredths of a second, whatever the machine. */
const TICKS_PER_SECOND = 100;
/**
 * The fields of `/proc/<pid>/stat` after the name: user and system time, and both of its children.
 */
const FIRST_TIME = 11;
const TIMES = 4;

/**
 * The seconds of processor time that a process has used, with those of the children that it has
 * waited for; null where the system does not tell, and for a process that has ended.
 */
export const cpuSeconds = (pid: number | "self"): number | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = fields.slice(FIRST_TIME, FIRST_TIME + TIMES);
    return ticks.reduce((sum, field) => sum + Number(field), 0) / TICKS_PER_SECOND;
  } catch {
    return null;
  }
};

/** The seconds in a column of lines, or nothing where they are not known. */
export const cpuText = (seconds: number | null): string =>
  seconds === null ? "" : `${seconds.toFixed(1).padStart(6)} s CPU`;
