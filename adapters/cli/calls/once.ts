/** Requests that are to be done once, under a key. */
import { randomUUID } from "node:crypto";
import { messageOf } from "../../../core/values/error-message.ts";
import { CommandFailed, type Reply, STATUS } from "../failures.ts";
import { call, type Question, type Target } from "../target/mod.ts";

/** Failures after which what was asked for may have been done. */
const OPEN: readonly unknown[] = [STATUS.unavailable, STATUS.interrupted];

/**
 * Does what changes something, and says what to do next where it fails and may have been done: no
 * answer came, or one that says nothing, or it was not printed.
 */
export const advising = async (work: () => Promise<void>, advice: string): Promise<void> => {
  try {
    await work();
  } catch (error) {
    const status = error instanceof CommandFailed ? error.status : undefined;
    if (status !== undefined && !OPEN.includes(status)) throw error;
    throw new CommandFailed(
      status ?? STATUS.refused,
      `${messageOf(error)}\n${advice}`,
      error,
    );
  }
};

/** A request that is to be done once. */
export type Once = {
  readonly question: Question;
  /** The key that was given; a new one where it is left out. */
  readonly key: string | undefined;
  /** Whether it was confirmed: a repeat need not be, and what was done already would be refused. */
  readonly asked?: boolean;
  /** What it was, once it is done. */
  readonly what: string;
  /**
   * Prints the answer; throws where that does not say that it was done, as unavailable, or says
   * that it was not, as refused.
   */
  readonly finish: (reply: Reply) => Promise<void>;
};

/**
 * Makes a request under its key, and prints its answer. Where that is not known, the failure says
 * the key, with which the same command has it done once at most.
 */
export const doOnce = (
  target: Target,
  { question, key: given, asked = false, what, finish }: Once,
): Promise<void> => {
  const key = given ?? randomUUID();
  const options = `${asked ? "--yes " : ""}--key ${key}`;
  return advising(
    async () => await finish(await call(target, { ...question, key })),
    `Whether it was ${what} may not be known: the same command with ${options} ` +
      "has it done once at most, and answers with that",
  );
};
