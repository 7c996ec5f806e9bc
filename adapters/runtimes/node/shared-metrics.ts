/**
 * What the processes of one server measure, gathered when one of them is asked: it asks the process
 * that started them all, which asks the others. One that hangs is waited for only shortly, and not
 * asked again before it has answered.
 */
import cluster, { type Worker } from "node:cluster";
import process from "node:process";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import { type Part, type Sharing, together } from "../metrics/processes.ts";

/** So long the others are waited for. */
const OTHERS_MS: Milliseconds = 2 * SECOND_MS;
/** So long the process that asks them is. */
const ALL_MS: Milliseconds = 3 * SECOND_MS;

/** What is sent; a process counts the rounds in which it asks. */
type Message =
  | { readonly metrics: "gather"; readonly round: number }
  | { readonly metrics: "tell" }
  | { readonly metrics: "told"; readonly text: string }
  | { readonly metrics: "gathered"; readonly round: number; readonly parts: readonly Part[] };

const isMessage = (message: unknown): message is Message =>
  typeof message === "object" && message !== null && "metrics" in message;

/** Calls it once, at the latest when the time is over. */
const onceIn = <Value>(
  limit_ms: Milliseconds,
  late: () => Value,
  done: (value: Value) => void,
): (value: Value) => void => {
  let isDone = false;
  const end = (value: Value): void => {
    if (isDone) return;
    isDone = true;
    clearTimeout(timer);
    done(value);
  };
  const timer = setTimeout(() => end(late()), limit_ms);
  return end;
};

/** Sends it, where the other process still runs. */
const send = (to: { send?: NodeJS.Process["send"] }, message: Message): void => {
  to.send?.(message, undefined, undefined, () => {});
};

/** The metrics of all processes, as one of them shows them; `place` is its own. */
export const sharedMetrics = (place: number): Sharing => (own) => {
  const waiting = new Map<number, (parts: readonly Part[]) => void>();
  let rounds = 0;
  let underWay: Promise<string> | null = null;
  process.on("message", (message: unknown) => {
    if (!isMessage(message)) return;
    if (message.metrics === "gathered") waiting.get(message.round)?.(message.parts);
    if (message.metrics !== "tell") return;
    void own().catch(() => "").then((text) => send(process, { metrics: "told", text }));
  });
  const others = (): Promise<readonly Part[]> =>
    new Promise((resolve) => {
      const round = rounds += 1;
      const end = onceIn<readonly Part[]>(ALL_MS, () => [], (parts) => {
        waiting.delete(round);
        resolve(parts);
      });
      waiting.set(round, end);
      send(process, { metrics: "gather", round });
    });
  const gather = async (): Promise<string> => {
    const [text, parts] = await Promise.all([own(), others()]);
    return together([{ place, text }, ...parts].toSorted((a, b) => a.place - b.place));
  };
  // However many ask at the same time, the processes are asked once.
  return () => underWay ??= gather().finally(() => underWay = null);
};

/** A process that was asked, and has not answered. */
type Asked = { readonly since_ms: Milliseconds; readonly takers: ((text: string) => void)[] };

/**
 * Answers the processes that ask for what the others measure, in the process that started them;
 * `places` has those that listen.
 */
export const relayMetrics = (places: ReadonlyMap<Worker, number>): void => {
  const asked = new Map<Worker, Asked>();
  /** Asks a process, or waits with others for what it was asked just now; false where it hangs. */
  const ask = (worker: Worker, take: (text: string) => void): boolean => {
    const underWay = asked.get(worker);
    if (underWay !== undefined) {
      if (performance.now() - underWay.since_ms > OTHERS_MS) return false;
      underWay.takers.push(take);
      return true;
    }
    asked.set(worker, { since_ms: performance.now(), takers: [take] });
    send(worker, { metrics: "tell" });
    return true;
  };
  const told = (worker: Worker, text: string): void => {
    const takers = asked.get(worker)?.takers ?? [];
    asked.delete(worker);
    for (const take of takers) take(text);
  };
  const gather = (asker: Worker, round: number): void => {
    const parts: Part[] = [];
    const end = onceIn(
      OTHERS_MS,
      () => undefined,
      () => send(asker, { metrics: "gathered", round, parts }),
    );
    let left = 1;
    const done = (): void => {
      left -= 1;
      if (left === 0) end(undefined);
    };
    for (const [worker, place] of places) {
      if (worker === asker) continue;
      const take = (text: string): void => {
        if (text !== "") parts.push({ place, text });
        done();
      };
      if (ask(worker, take)) left += 1;
    }
    done();
  };
  cluster.on("message", (worker, message: unknown) => {
    if (!isMessage(message)) return;
    if (message.metrics === "gather") gather(worker, message.round);
    if (message.metrics === "told") told(worker, message.text);
  });
  cluster.on("exit", (worker) => told(worker, ""));
};
