/**
 * Whether the database is available for everything that is asked of it: the one place that knows,
 * and that notifies when trouble begins and ends. Any answer shows that the database is there
 * again. An answer to a read does not show that it takes writes or connections again, nor does a
 * write that found a little space: that is tried now and then, until it succeeds.
 */
import type { Unavailable } from "../../../core/log/unavailable.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { codeOf, isOfStandby, Refused, toUnavailable, troubleOf } from "./failures.ts";
import { FAILOVER_MS, type Outage } from "./outage.ts";

const FIRST_PROBE_MS: Milliseconds = 1_000;
const LONGEST_PAUSE_MS: Milliseconds = 30_000;
/** While nothing is answered, all callers wait for the next probe. */
const LONGEST_AWAY_MS: Milliseconds = 2_000;

/** A database that fails again this soon after it recovered is tried less and less often. */
const RELAPSE_MS: Milliseconds = 60_000;

/** Calls a handler. What it throws must not become the answer to a statement. */
const notify = (handler: () => void): void => {
  try {
    handler();
  } catch {
    // There is nobody else to notify.
  }
};

/**
 * Calls `probe` immediately or a little later, and less and less often while it fails, until it
 * succeeds; `longest` returns the longest pause.
 */
const openProbes = (probe: () => Promise<boolean>, longest: () => Milliseconds) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let wellSince = -RELAPSE_MS;
  let state: "resting" | "waiting" | "probing" | "closed" = "resting";
  const later = (pause_ms: Milliseconds): void => {
    if (state === "closed") return;
    state = "waiting";
    clearTimeout(timer);
    timer = setTimeout(() => void go(), pause_ms);
    (timer as { unref?: () => void }).unref?.();
  };
  const pause = (): Milliseconds => Math.min(FIRST_PROBE_MS * 2 ** failures, longest());
  const go = async (): Promise<void> => {
    state = "probing";
    const isWell = await probe();
    if (isWell) {
      wellSince = performance.now();
      if (state === "probing") state = "resting";
    } else {
      failures += 1;
      later(pause());
    }
  };
  return {
    /** Begins unless it has; `isSoon`: with a probe now. */
    begin: (isSoon = false): void => {
      if (state === "resting") {
        failures = performance.now() - wellSince < RELAPSE_MS ? failures + 1 : 0;
        later(isSoon ? 0 : pause());
      } else if (state === "waiting" && isSoon) later(0);
    },
    close: (): void => {
      state = "closed";
      clearTimeout(timer);
    },
  };
};

/** Called when trouble begins, with a sentence, and when it is over. */
type Handlers = {
  readonly onUnavailable?: ((why: string) => void) | undefined;
  readonly onAvailable?: (() => void) | undefined;
};

type Trouble = {
  readonly kind: "writes" | "connections";
  readonly why: Unavailable;
};

/** Notifies of the beginning, of which there may be several, and once of the end. */
const openNotifications = ({ onUnavailable = () => {}, onAvailable = () => {} }: Handlers) => {
  let isNotified = false;
  let isClosed = false;
  return {
    begin: ({ message }: Unavailable): void => {
      isNotified = true;
      if (!isClosed) notify(() => onUnavailable(message));
    },
    end: (): void => {
      if (isNotified && !isClosed) notify(onAvailable);
      isNotified = false;
    },
    close: (): void => {
      isClosed = true;
    },
  };
};

/**
 * Begins with a database that is available, unless its `outage` says otherwise; `trial` rejects
 * when it cannot write on a new connection.
 */
export const openHealth = (
  handlers: Handlers,
  trial: () => Promise<void>,
  outage: Outage,
) => {
  const notifications = openNotifications(handlers);
  let isThere = true;
  let trouble: Trouble | null = null;
  const endIfWell = (): void => {
    if (isThere && trouble === null) notifications.end();
  };
  const probes = openProbes(async () => {
    try {
      await trial();
    } catch {
      return false;
    }
    trouble = null;
    outage.wrote();
    endIfWell();
    return true;
  }, () => outage.isKnown() ? LONGEST_AWAY_MS : LONGEST_PAUSE_MS);

  /** Notes trouble while it answers. */
  const note = (kind: Trouble["kind"], why: Unavailable): void => {
    // A server that is not ready reports that in a separate line.
    const isWorse = trouble?.kind === "connections" && kind === "writes";
    if (trouble !== null && !isWorse) return;
    trouble = { kind, why };
    notifications.begin(why);
    probes.begin();
  };

  return {
    /** Notes why a statement failed that was begun then, and returns the error for its caller. */
    failed: (error: unknown, begun: number): Unavailable => {
      const why = toUnavailable(error);
      const kind = troubleOf(error)?.kind;
      if (kind === "writes" || kind === "limits") outage.answered();
      else if (outage.failed(begun, why.message)) probes.begin(true);
      if (kind !== "writes" && kind !== "connections") {
        if (isThere && trouble === null) notifications.begin(why);
        isThere = false;
        return why;
      }
      note(kind, why);
      const mayPass = isOfStandby(error) && outage.standby() < FAILOVER_MS;
      return kind === "writes" && !mayPass && !(why instanceof Refused)
        ? new Refused(why, codeOf(error), error)
        : why;
    },
    /** Notes that a statement had an answer; `isWrite`: it wrote. */
    answered: (isWrite = false): void => {
      isThere = true;
      outage.answered();
      if (isWrite) outage.wrote();
      endIfWell();
    },
    /** Throws while it takes no writes, as far as is known. */
    assertWritten: (): void => {
      if (trouble?.kind === "writes") throw trouble.why;
    },
    /** Stops all notifications. */
    close: (): void => {
      notifications.close();
      probes.close();
    },
  };
};
