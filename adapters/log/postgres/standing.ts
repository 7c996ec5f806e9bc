/**
 * Whether the database is there, and does all that is asked of it: the one place that knows, and that
 * tells when it begins and when it ends. Any answer shows that it is there again. That it takes writes
 * again, or connections, an answer to a read does not show, nor a write that found a little room: that
 * is tried now and then, until it succeeds.
 */
import postgres from "postgres";
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { isWorkerd } from "./drivers.ts";
import { Silence } from "./silence.ts";

/**
 * What a server says when it is not there for us (PostgreSQL's documentation, appendix A): shut
 * down, crashed or starting, no more room for connections, on the disk or in memory, a statement
 * called off or a session ended for its time, trouble of a pooler with its connection (58000 is
 * Hyperdrive's), a user or a password that is not (or no longer) right, no such database, a setting
 * in the URL that it does not know, and rights or tables that are not there, as while they are
 * restored. None of it is mended by another statement, and all of it by the operator.
 */
const AWAY = /^(?:57P0[1235]|57014|53...|08...|58...|28...|3D000|3F000|42704|42501|42P01)$/;
/** It has become a standby, and the connection with it. */
const READ_ONLY = "25006";

/**
 * What it says while it answers others, in our words: `writes` where it surely wrote nothing and the
 * server is not ready, `connections` where those that there are may go on.
 */
const TROUBLES = [
  { code: /^53100$/, kind: "writes", words: "the database has no room left on its disk" },
  { code: /^25006$/, kind: "writes", words: "the database is read-only, as a standby is" },
  { code: /^42501$/, kind: "writes", words: "the database's user lacks a right" },
  { code: /^(?:42P01|3F000)$/, kind: "writes", words: "a table is missing in the database" },
  { code: /^53300$/, kind: "connections", words: "the database takes no more connections" },
  { code: /^(?:28...|3D000)$/, kind: "connections", words: "the database lets nobody connect" },
  { code: /^53/, kind: "connections", words: "the database is short of a resource" },
] as const;

const FIRST_LOOK_MS: Milliseconds = 1_000;
const LONGEST_PAUSE_MS: Milliseconds = 30_000;

/** What fails again so soon after it went well is looked at less and less often. */
const RELAPSE_MS: Milliseconds = 60_000;

/** A failover may take so long, in which a statement is tried again at the new primary. */
const FAILOVER_MS: Milliseconds = 5_000;

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";

/** The database refused to write; its `code` says that surely nothing was written. */
class Refused extends Unavailable {
  readonly code: string;
  constructor(why: string, code: string, cause: unknown) {
    super(why, cause);
    this.code = code;
  }
}

/** Whether an error says that the database cannot be used now, and not that a statement is wrong. */
export const isAway = (error: unknown): boolean =>
  error instanceof postgres.PostgresError
    ? AWAY.test(error.code) || error.code === READ_ONLY
    // What the driver, the socket and its TLS say has a code, or on workerd is a plain Error; what
    // else has none was thrown by the work of a transaction, or is a mistake of ours.
    : error instanceof Error && ("code" in error || isWorkerd() && error.name === "Error");

/** Whether the connections may never say anything again, or may not write any more. */
export const mustBeLeft = (error: unknown): boolean =>
  error instanceof Silence || isOfStandby(error);

/** Whether it says that the session does not write: others may, as after a failover. */
export const isOfStandby = (error: unknown): boolean => codeOf(error) === READ_ONLY;

const wordsOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.message === "" && "code" in error ? String(error.code) : error.message;
};

const troubleOf = (error: unknown) => TROUBLES.find(({ code }) => code.test(codeOf(error)));

/** The error as callers are to see it, with a sentence that says what is wrong. */
export const toUnavailable = (error: unknown): Unavailable => {
  if (error instanceof Unavailable) return error;
  const words = troubleOf(error)?.words ?? "the database cannot be reached";
  return new Unavailable(`${words}: ${wordsOf(error)}`, error);
};

/** Tells somebody. What he throws must not become the answer to a statement. */
const tell = (told: () => void): void => {
  try {
    told();
  } catch {
    // Nobody is left to be told.
  }
};

/** Calls `look` a little later, and less and less often while it fails, until it succeeds. */
const openLooks = (look: () => Promise<boolean>) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let wellSince = -RELAPSE_MS;
  let isClosed = false;
  const later = (): void => {
    const pause_ms = Math.min(FIRST_LOOK_MS * 2 ** failures, LONGEST_PAUSE_MS);
    if (!isClosed) timer = setTimeout(() => void go(), pause_ms).unref?.();
  };
  const go = async (): Promise<void> => {
    const isWell = await look();
    if (isWell) wellSince = performance.now();
    else {
      failures += 1;
      later();
    }
  };
  return {
    begin: (): void => {
      failures = performance.now() - wellSince < RELAPSE_MS ? failures + 1 : 0;
      later();
    },
    close: (): void => {
      isClosed = true;
      clearTimeout(timer);
    },
  };
};

/** Who is told: in words when it begins, and when it is over. */
type Told = {
  readonly onUnavailable?: (why: string) => void;
  readonly onAvailable?: () => void;
};

type Trouble = {
  readonly kind: "writes" | "connections";
  readonly why: Unavailable;
  readonly since: number;
};

/** Tells of the beginning, which may be several things that come together, and once of the end. */
const openTelling = ({ onUnavailable = () => {}, onAvailable = () => {} }: Told) => {
  let isTold = false;
  let isClosed = false;
  return {
    begin: ({ message }: Unavailable): void => {
      isTold = true;
      if (!isClosed) tell(() => onUnavailable(message));
    },
    end: (): void => {
      if (isTold && !isClosed) tell(onAvailable);
      isTold = false;
    },
    close: (): void => {
      isClosed = true;
    },
  };
};

/** Begins with a database that does all; `trial` rejects when it does not write on a new connection. */
export const openStanding = (told: Told, trial: () => Promise<void>) => {
  const telling = openTelling(told);
  let isThere = true;
  let trouble: Trouble | null = null;
  const endIfWell = (): void => {
    if (isThere && trouble === null) telling.end();
  };
  const looks = openLooks(async () => {
    try {
      await trial();
    } catch {
      return false;
    }
    trouble = null;
    endIfWell();
    return true;
  });

  /** Notes trouble while it answers; gives since when there is some. */
  const note = (kind: Trouble["kind"], why: Unavailable): number => {
    const now = performance.now();
    // A server that is not ready says so in a line of its own.
    const isWorse = trouble?.kind === "connections" && kind === "writes";
    if (trouble !== null && !isWorse) return trouble.since;
    const isFirst = trouble === null;
    trouble = { kind, why, since: now };
    telling.begin(why);
    if (isFirst) looks.begin();
    return now;
  };

  return {
    /** Notes what made a statement fail, and gives what its caller is told. */
    failed: (error: unknown): Unavailable => {
      const why = toUnavailable(error);
      const kind = troubleOf(error)?.kind;
      if (kind === undefined) {
        if (isThere && trouble === null) telling.begin(why);
        isThere = false;
        return why;
      }
      const since = note(kind, why);
      const mayPass = isOfStandby(error) && performance.now() - since < FAILOVER_MS;
      return kind === "writes" && !mayPass && !(why instanceof Refused)
        ? new Refused(why.message, codeOf(error), error)
        : why;
    },
    /** Notes that a statement had an answer. */
    answered: (): void => {
      isThere = true;
      endIfWell();
    },
    /** Throws while it takes no writes, as far as is known. */
    assertWritten: (): void => {
      if (trouble?.kind === "writes") throw trouble.why;
    },
    /** Tells nobody anything any more. */
    close: (): void => {
      telling.close();
      looks.close();
    },
  };
};
