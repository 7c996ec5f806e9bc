/** How a command ends that does not do what it was asked to. */
import { Unavailable } from "../../core/log/unavailable.ts";
import { messageOf } from "../../core/values/error-message.ts";
import { tag } from "../../core/values/tag.ts";
import { isJsonObject } from "../../core/values/text.ts";
import { shown } from "./escape.ts";

/** With which status the program ends. */
export const STATUS = {
  done: 0,
  /** The ledger refused it, or does not know of it. */
  refused: 1,
  /** The words, the settings or a value do not fit. */
  wrongUse: 2,
  /** A server, a database or a carrier could not be reached, or is busy: later it may be. */
  unavailable: 3,
  /** The user stopped it (128 and the number of SIGINT). */
  interrupted: 130,
} as const;

/** One of them. */
export type Status = (typeof STATUS)[keyof typeof STATUS];

/** Why a command ends, and with which status. */
export class CommandFailed extends Error {
  static {
    tag(this, "CommandFailed");
  }
  override readonly name = "CommandFailed";
  readonly status: Status;

  constructor(status: Status, message: string, cause?: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

/** What is wrong where a log does not open; `inUse` is added where a process has its folder. */
export const openingFailure = (error: unknown, inUse = ""): CommandFailed => {
  const says = messageOf(error);
  const name = error instanceof Error ? error.name : "";
  return name === "SettingUnfit"
    ? new CommandFailed(STATUS.wrongUse, says, error)
    : new CommandFailed(STATUS.unavailable, name === "FolderInUse" ? says + inUse : says, error);
};

/** The same where a log fails that is open: it may be reached later. */
export const logFailure = (error: unknown): unknown =>
  error instanceof Unavailable
    ? new CommandFailed(STATUS.unavailable, error.message, error)
    : error;

/** What the user stopped. */
export const interrupted = (): CommandFailed => new CommandFailed(STATUS.interrupted, "stopped");

/** Rejects once the user stops it; what it is raced against is left to end. */
export const stopOf = (stopped: AbortSignal): Promise<never> => {
  const stop = new Promise<never>((_, reject) => {
    const end = (): void => reject(interrupted());
    if (stopped.aborted) end();
    else stopped.addEventListener("abort", end, { once: true });
  });
  stop.catch(() => {});
  return stop;
};

/** An answer of the API. */
export type Reply = {
  readonly status: number;
  readonly json: unknown;
  /** When it was made, by the server's clock, as the header has it. */
  readonly date?: string | undefined;
};

const MISFITS: readonly unknown[] = ["VALIDATION_ERROR", "INVALID_ARGUMENT"];

/** Refusals for what is under way, and ends without the caller. */
const BUSY: readonly unknown[] = ["IDEMPOTENCY_KEY_IN_USE", "RECONCILIATION_RUNNING"];

const statusOf = ({ status, json }: Reply): Status => {
  if (status >= 500 || status === 408 || status === 429) return STATUS.unavailable;
  const code = isJsonObject(json) ? json["code"] : undefined;
  if (BUSY.includes(code)) return STATUS.unavailable;
  return MISFITS.includes(code) ? STATUS.wrongUse : STATUS.refused;
};

/** As many of a problem's fields, and of the characters of its text, as a person reads. */
const MOST_FIELDS = 20;
const MOST_CHARACTERS = 1_000;

const fieldsOf = (errors: unknown): readonly string[] =>
  // Of a single one the detail has said it.
  isJsonObject(errors) && Object.keys(errors).length > 1
    ? Object.entries(errors).slice(0, MOST_FIELDS).map(([field, says]) =>
      `\n  ${shown(field)}: ${shown(Array.isArray(says) ? says.join("; ") : String(says))}`
    )
    : [];

/** What a problem says (RFC 9457): its detail, its code, and what is wrong with which field. */
const sentenceOf = ({ status, json }: Reply): string => {
  const problem = isJsonObject(json) ? json : {};
  const { detail, code, errors } = problem;
  const says = typeof detail === "string" && detail !== "" ? shown(detail) : `answered ${status}`;
  const named = typeof code === "string" ? ` (${shown(code)})` : "";
  return `${says}${named}${fieldsOf(errors).join("")}`.slice(0, MOST_CHARACTERS);
};

/** The failure that a problem is. */
export const failureOf = (reply: Reply): CommandFailed =>
  new CommandFailed(statusOf(reply), sentenceOf(reply));
