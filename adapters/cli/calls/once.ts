/** Requests that are to be done once, under a key. */
import { randomUUID } from "node:crypto";
import { CommandFailed, type Reply, STATUS } from "../failures.ts";
import { call, type Question, type Target } from "../target/mod.ts";

/**
 * Makes a request under the key that was given, or a new one. Where it gets no answer, the failure
 * says the key, with which the same command has it done once at most; `what` is what was to be
 * done.
 */
export const callOnce = async (
  target: Target,
  question: Question,
  given: string | undefined,
  what: string,
): Promise<Reply> => {
  const key = given ?? randomUUID();
  try {
    return await call(target, { ...question, key });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    const { status, message } = error;
    if (status !== STATUS.unavailable && status !== STATUS.interrupted) throw error;
    throw new CommandFailed(
      status,
      `${message}\nWhether it was ${what} may not be known: the same command with --key ${key} ` +
        "has it done once at most, and answers with that",
      error,
    );
  }
};
