/**
 * The log in memory, for tests and for trying things out.
 *
 * @module
 */
export { openMemoryLog } from "../log/memory/mod.ts";
