/** Runs command lines in this process, with an environment and a screen of the test's. */
import { messageOf } from "../../core/values/error-message.ts";
import { readCommandLine } from "../../adapters/cli/arguments.ts";
import { examine } from "../../adapters/cli/doctor/mod.ts";
import { CommandFailed } from "../../adapters/cli/failures.ts";
import { performCall } from "../../adapters/cli/perform-call.ts";
import type { Session } from "../../adapters/cli/terminal.ts";

/** What a command line came to. */
export type Ran = {
  readonly status: number;
  /** The lines of standard output. */
  readonly out: readonly string[];
  /** What was said beside them, and why it failed. */
  readonly err: string;
};

export type RunOptions = {
  /** What the user answers; null where there is no terminal. */
  readonly answers?: (question: string) => boolean | null;
  readonly stopped?: AbortSignal;
};

/** Runs one that speaks to a ledger. */
export const run = async (
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  { answers = () => null, stopped = new AbortController().signal }: RunOptions = {},
): Promise<Ran> => {
  const asked = readCommandLine(words);
  if (!asked.ok) return { status: 2, out: [], err: asked.error };
  const out: string[] = [];
  const notes: string[] = [];
  const session: Session = {
    screen: {
      line: (text) => Promise.resolve(void out.push(text)),
      note: (text) => void notes.push(text),
      bold: (text) => text,
      confirm: (question) => Promise.resolve(answers(question)),
    },
    stopped,
    isRead: () => true,
  };
  try {
    if (asked.value.command === "call") await performCall(asked.value, session, environment);
    else if (asked.value.command === "doctor") await examine(asked.value, session, environment);
    else throw new Error(`it does not speak to a ledger: ${words.join(" ")}`);
    return { status: 0, out, err: notes.join("\n") };
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    return { status: error.status, out, err: [...notes, messageOf(error)].join("\n") };
  }
};
