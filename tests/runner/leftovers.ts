/** What a test file changed in its process and left so, where the next file would meet it. */
import process from "node:process";

type Snapshot = ReadonlyMap<string, unknown>;

/** In place of a value that is made when it is first asked for, as many of Node's globals are. */
const LAZY = Symbol("made when it is asked for");

/**
 * What libraries keep for all their copies in a process; and `Request` and `Response`, in whose
 * place Hono's server for Node puts its own, once.
 */
const OF_LIBRARIES = /^globalThis\.(?:[~_@]|Re(?:quest|sponse)$)/;

const addAll = (into: Map<string, unknown>, name: string, object: object): void => {
  for (const [key, { get, value }] of Object.entries(Object.getOwnPropertyDescriptors(object))) {
    into.set(`${name}.${key}`, get === undefined ? value : LAZY);
  }
};

/** Objects of which tests tend to replace members. */
const OBJECTS = ["console", "Date", "JSON", "Math", "Object", "performance", "Promise"] as const;
/** Classes whose objects would all be others. */
const CLASSES = ["Array", "Date", "Function", "Object", "Promise"] as const;

/**
 * The globals and what is replaced of them, and what a process has one of: its environment, its
 * working directory, and the rights of its files.
 */
export const takeSnapshot = (): Snapshot => {
  const snapshot = new Map<string, unknown>();
  addAll(snapshot, "globalThis", globalThis);
  for (const name of OBJECTS) addAll(snapshot, name, globalThis[name]);
  for (const name of CLASSES) addAll(snapshot, `${name}.prototype`, globalThis[name].prototype);
  addAll(snapshot, "process.env", process.env);
  return snapshot.set("process.cwd()", process.cwd()).set("process.umask()", process.umask());
};

/** The names of what differs between two snapshots. */
export const leftovers = (before: Snapshot, now: Snapshot): readonly string[] =>
  [...new Set([...before.keys(), ...now.keys()])].filter((name) => {
    if (OF_LIBRARIES.test(name)) return false;
    if (before.has(name) !== now.has(name)) return true;
    const value = before.get(name);
    return value !== LAZY && !Object.is(now.get(name), value);
  });
