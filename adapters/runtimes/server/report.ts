/** What a server prints: a line for each thing that its operator may want to know. */
import { openRedaction, type SecretSettings } from "./redaction.ts";
import type { Settings } from "./setting-types.ts";

/** What an error belongs to, as far as it is known; what is undefined is left out. */
export type About = {
  /** The id of a request, as its answer has it. */
  readonly requestId?: string | undefined;
  /** The id of a caller's trace. */
  readonly traceId?: string | undefined;
  readonly organization?: string | undefined;
  /** The id of a command, of which a caller's key is shown by its digest alone. */
  readonly commandId?: string | undefined;
};

/** How a server prints. No line has a token, a key, or what is personal. */
export type Lines = {
  /** Reports an error, which is to be looked into. */
  readonly report: (what: string, error: unknown, about?: About) => void;
  /** Reports why the program ends, as a sentence alone. */
  readonly fail: (sentence: string) => void;
  /** Reports what the operator should know of, as a sentence alone. */
  readonly warn: (sentence: string) => void;
  /** The same of what is in order again, or takes its course. */
  readonly note: (sentence: string) => void;
  /** What a program says as it begins, on standard output. */
  readonly announce: (sentence: string) => void;
};

/** Where lines go: standard output and standard error. */
type Output = Pick<Console, "log" | "error">;

const timeNow = (): string => new Date().toISOString();

/** For people: on standard error with the time and what happened. */
const textTo = (output: Output): Lines => {
  const say = (what: string, more: object = {}): void =>
    output.error(JSON.stringify({ at: timeNow(), what, ...more }));
  return {
    report: (what, error, { requestId, ...about } = {}) =>
      say(requestId === undefined ? what : `request ${requestId}`, {
        ...about,
        error: error instanceof Error ? error.stack ?? error.message : String(error),
      }),
    fail: (sentence) => output.error(`ledgerline: ${sentence}`),
    warn: say,
    note: say,
    announce: (sentence) => output.log(sentence),
  };
};

const errorOf = (error: unknown): object =>
  error instanceof Error
    ? { type: error.name, message: error.message, stack: error.stack }
    : { message: String(error) };

/** For what collects logs: an object of JSON in each line, with the same members throughout. */
const jsonTo = (output: Output): Lines => {
  const lineOf = (level: "info" | "warn" | "error", message: string, more: object = {}): string =>
    JSON.stringify({ time: timeNow(), level, message, ...more });
  return {
    report: (what, error, about = {}) =>
      output.error(lineOf("error", what, { ...about, error: errorOf(error) })),
    fail: (sentence) => output.error(lineOf("error", sentence)),
    warn: (sentence) => output.error(lineOf("warn", sentence)),
    note: (sentence) => output.error(lineOf("info", sentence)),
    announce: (sentence) => output.log(lineOf("info", sentence)),
  };
};

/**
 * How the settings say that a server prints; to where the process prints by default. A secret of
 * theirs in a line is replaced (`openRedaction`), however it came there.
 */
export const linesOf = (
  settings: Pick<Settings, "logFormat"> & SecretSettings,
  output: Output = console,
): Lines => {
  const redact = openRedaction(settings);
  const redacted: Output = {
    log: (line: string) => output.log(redact(line)),
    error: (line: string) => output.error(redact(line)),
  };
  return settings.logFormat === "json" ? jsonTo(redacted) : textTo(redacted);
};
