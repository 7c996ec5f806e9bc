/** A thread that runs tests, and is ended where they take long. */
import { Worker } from "node:worker_threads";
import type { Bundle } from "./bundle.ts";
import type { Job, Message, Outcome, Start } from "./worker.ts";

/** Time for a file, in addition to a multiple of the time that it takes without a mutant. */
const GRACE_MS = 10_000;
const TIMES = 3;

/** A thread for one job after the other. */
export class Thread {
  readonly #worker: Worker;

  constructor({ worker }: Bundle, { seed, isMarking }: Start) {
    // The bundle needs no loader of TypeScript, which takes a thread long to start.
    const options = { workerData: { seed, isMarking }, execArgv: [], stdout: true, stderr: true };
    this.#worker = new Worker(worker, options);
  }

  /**
   * Runs a job; gives a text where that ends the thread, or takes far longer than its files usually
   * take, after which the thread is of no use.
   */
  async run(job: Job, usual_ms: readonly number[]): Promise<Outcome | string> {
    const worker = this.#worker;
    let resolve: (outcome: Outcome | string) => void = () => {};
    const ended = new Promise<Outcome | string>((settle) => {
      resolve = settle;
    });
    let timer: NodeJS.Timeout | undefined;
    const allow = (index: number): void => {
      clearTimeout(timer);
      const limit_ms = GRACE_MS + TIMES * (usual_ms[index] ?? 0);
      timer = setTimeout(() => resolve(`takes longer than ${Math.round(limit_ms)} ms`), limit_ms);
    };
    allow(0);
    const onMessage = (message: Message): void =>
      "file" in message ? allow(message.file) : resolve(message);
    const onError = (error: unknown): void => resolve(String(error));
    const onExit = (code: number): void => resolve(`the thread ends with ${code}`);
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    worker.postMessage(job, []);
    try {
      return await ended;
    } finally {
      clearTimeout(timer);
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
    }
  }

  /** Ends the thread, whatever it does. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Runs a job in a thread of its own. */
export const runIn = async (
  bundle: Bundle,
  start: Start,
  job: Job,
  usual_ms: readonly number[],
): Promise<Outcome | string> => {
  const thread = new Thread(bundle, start);
  try {
    return await thread.run(job, usual_ms);
  } finally {
    await thread.end();
  }
};
