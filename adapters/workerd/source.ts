/** Where the ledgers of a worker's events come from, and how many of them are open at once. */
import type { Caller } from "../ledger/api.ts";
import { Busy } from "../ledger/errors.ts";
import { SECOND_MS } from "../../core/values/calendar.ts";
import { openPolling } from "../../http/attendance.ts";
import { openReadiness, type Readiness } from "../../http/readiness.ts";
import type { LedgerSource } from "../../http/source.ts";
import { type Guard, openGuard } from "../../http/strangers.ts";
import { type FairBounds, type FairTurns, openFairTurns } from "../../http/turns.ts";
import type { Memory } from "../../http/webhook/memory.ts";
import { openSeen } from "../../http/webhook/signature.ts";
import type { Opened } from "../server/application.ts";

/**
 * The ledgers that an isolate has open at once, each with a connection: those of callers, of whom none
 * has them all, of strangers, whose token was never accepted here, and of `/readyz`, which has one.
 */
const CALLERS: FairBounds = { places: 16, each: 12, waiting: 256, total: 512 };
const STRANGERS: FairBounds = { places: 4, waiting: 64, total: 256 };

/** How long a request waits for its turn before it is answered 503. */
const WAIT_MS = 10 * SECOND_MS;
const READY_WAIT_MS = 5 * SECOND_MS;

/** What the events of an isolate know of one another: plain data, and nothing that does I/O. */
export type Shared = {
  /** The turns of callers. */
  readonly callers: FairTurns;
  /** The turns of strangers, and what is known of tokens. */
  readonly guard: Guard;
  readonly readiness: Readiness;
  /** The webhooks that came. */
  readonly webhooksSeen: Memory;
};

/** Where nothing is known yet. To be called within an event, since it draws a random number. */
export const openShared = (): Shared => {
  // Each looks by itself: the more strangers wait, the less often they look, and they alone.
  const strangers = openPolling({ waitMs: WAIT_MS });
  return {
    callers: openFairTurns(CALLERS, openPolling({ waitMs: WAIT_MS })),
    guard: openGuard(undefined, { bounds: STRANGERS, attendance: strangers }),
    readiness: openReadiness(openPolling({ waitMs: READY_WAIT_MS })),
    webhooksSeen: openSeen(),
  };
};

/** The ledger of one event. */
export type EventSource = LedgerSource & {
  /** Ends it, once the event is answered: works with the ledger if a caller's is open, and closes it. */
  readonly finish: (work: (opened: Opened) => Promise<void>) => Promise<void>;
};

/** The one ledger that an event may have open, and the place that it then has among callers. */
const openHold = (open: () => Promise<Opened>, callers: FairTurns) => {
  let opening: Promise<Opened> | null = null;
  let leave: (() => void) | null = null;

  const enter = async (party: string): Promise<void> => {
    leave = await callers.enter(party);
    if (leave === null) throw new Busy("The database");
  };

  /** What could not be opened was told, and has nothing to be closed. */
  const opened = async (): Promise<Opened | null> => await opening?.catch(() => null) ?? null;

  return {
    /** Takes a caller's place. */
    enter,
    opened,
    /** Opens it in a place of another kind. */
    openApart: (): Promise<Opened> => opening = open(),
    /** Opens it in a caller's place, unless it is open. */
    openAs: (party: string): Promise<Opened> =>
      opening ??= (async () => {
        await enter(party);
        return await open();
      })(),
    close: async (): Promise<void> => {
      const application = await opened();
      opening = null;
      try {
        await application?.ledger.close();
      } finally {
        leave?.();
        leave = null;
      }
    },
  };
};

/** The source of an event's ledger, which `open` opens, in a place that others leave to it. */
export const openSource = (
  { open, now, shared }: {
    readonly open: () => Promise<Opened>;
    readonly now: () => number;
    readonly shared: Shared;
  },
): EventSource => {
  const { enter, opened, openApart, openAs, close } = openHold(open, shared.callers);

  /** In the stranger's turn; who is let in goes on in a caller's, with the same connection. */
  const authenticateStranger = async (token: string): Promise<Caller | null> => {
    let isKept = false;
    try {
      const { ledger } = await openApart();
      const caller = await ledger.authenticate(token);
      if (caller === null) return null;
      await enter(caller.organization);
      isKept = true;
      return caller;
    } finally {
      if (!isKept) await close();
    }
  };

  const check = async (): Promise<string | undefined> => {
    try {
      const { ledger } = await openApart();
      await ledger.ready();
      return ledger.doubt()?.why;
    } finally {
      await close();
    }
  };

  return {
    open: openAs,
    authenticate: async (token, organization) =>
      organization === null
        ? await authenticateStranger(token)
        : await (await openAs(organization)).ledger.authenticate(token),
    ready: () => shared.readiness.ask(check),
    now,
    isCostly: true,
    finish: async (work) => {
      try {
        const application = await opened();
        if (application !== null) await work(application);
      } finally {
        await close();
      }
    },
  };
};
