/**
 * Where the ledgers of a worker's events come from, and how many of them are open at the same time.
 */
import type { Caller } from "../../ledger/api/mod.ts";
import { endsWithin } from "../../ledger/engine/time-limit.ts";
import { Busy } from "../../ledger/engine/errors.ts";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import { openPolling } from "../../../http/wait-strategy.ts";
import { openReadiness, type Readiness } from "../../../http/readiness.ts";
import type { LedgerSource } from "../../../http/ledger-source.ts";
import { type Guard, openGuard } from "../../../http/unknown-tokens.ts";
import { type FairBounds, type FairTurns, openFairTurns } from "../../../http/fair-queue.ts";
import type { SeenSignatures } from "../../carrier/telnyx/seen-signatures.ts";
import { openSeen } from "../../carrier/telnyx/webhook.ts";
import { openOutage, type Outage } from "../../log/postgres/outage.ts";
import type { Opened } from "../server/application.ts";

/**
 * The ledgers that an isolate has open at the same time, each with a connection: for callers, of
 * which none may take all; for strangers, whose token was never accepted here; for the work after
 * answers; and for `/readyz`, which has one.
 */
const CALLERS: FairBounds = { places: 16, each: 12, waiting: 256, total: 512 };
const STRANGERS: FairBounds = { places: 4, waiting: 64, total: 256 };
const WORK: FairBounds = { places: 1, waiting: 1, total: 1 };

/** How long a request waits for its turn before it is answered 503. */
const WAIT_MS = 10 * SECOND_MS;
const READY_WAIT_MS = 5 * SECOND_MS;

/**
 * How long the work after an answer goes on before it is ended. The step under way may then take as
 * long as a closing ledger waits for it (15 s); Cloudflare cuts an event off 30 s after its answer.
 */
const WORK_MS = 10 * SECOND_MS;

/** What the events of an isolate share: plain data, and nothing that does I/O. */
export type Shared = {
  /** The turns of callers. */
  readonly callers: FairTurns;
  /** The one turn of the work after answers, which no caller waits for. */
  readonly work: FairTurns;
  /** The turns of strangers, and what is known of tokens. */
  readonly guard: Guard;
  readonly readiness: Readiness;
  /** The signatures of the webhooks that were received. */
  readonly webhooksSeen: SeenSignatures;
  /** Whether the database is away. */
  readonly outage: Outage;
};

/** The initial state. To be called within an event, since it draws a random number. */
export const openShared = (): Shared => {
  // Each polls separately: the more strangers wait, the less often they poll, and only they.
  const strangers = openPolling({ waitMs: WAIT_MS });
  // Every arriving caller sees whether one that works has disconnected.
  const callers = openPolling({ waitMs: WAIT_MS });
  return {
    callers: openFairTurns(CALLERS, callers),
    work: openFairTurns(WORK, callers),
    guard: openGuard(undefined, { bounds: STRANGERS, attendance: strangers }),
    readiness: openReadiness(openPolling({ waitMs: READY_WAIT_MS })),
    webhooksSeen: openSeen(),
    outage: openOutage(),
  };
};

/** The ledger of one event. */
export type EventSource = LedgerSource & {
  /**
   * Ends it, once the event is answered: closes it. If it was a caller's, no other event works, and
   * work is due, it then works with a separate ledger, which takes no caller's place, for a bounded
   * time.
   */
  readonly finish: (
    isDue: () => boolean,
    work: (opened: Opened) => Promise<void>,
  ) => Promise<void>;
};

/** The one ledger that an event may have open, and the place that it then has among callers. */
const openHold = (open: () => Promise<Opened>, callers: FairTurns) => {
  let opening: Promise<Opened> | null = null;
  let leave: (() => void) | null = null;

  /** What could not be opened was reported, and needs no closing. */
  const opened = async (): Promise<Opened | null> => await opening?.catch(() => null) ?? null;

  return {
    /** Takes a caller's place if one is free now; whether it did. */
    enterNow: (party: string): boolean => (leave = callers.enterNow(party)) !== null,
    opened,
    /** Opens it in a place of another kind. */
    openApart: (): Promise<Opened> => opening = open(),
    /** Opens it in a caller's place, unless it is open. */
    openAs: (party: string): Promise<Opened> =>
      opening ??= (async () => {
        leave = await callers.enter(party);
        if (leave === null) throw new Busy("The database");
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
  { open, now, shared, workMs = WORK_MS }: {
    readonly open: () => Promise<Opened>;
    readonly now: () => number;
    readonly shared: Shared;
    /** How long work may go on; tests replace it. */
    readonly workMs?: Milliseconds;
  },
): EventSource => {
  const { enterNow, opened, openApart, openAs, close } = openHold(open, shared.callers);

  /**
   * In the stranger's turn. An accepted stranger goes on in a caller's place, with the same
   * connection if a place is free now; otherwise it waits for one later, since others wait for the
   * stranger's turn.
   */
  const authenticateStranger = async (token: string): Promise<Caller | null> => {
    let isKept = false;
    try {
      const { ledger } = await openApart();
      const caller = await ledger.authenticate(token);
      if (caller !== null) isKept = enterNow(caller.organization);
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

  const workAlone = async (work: (opened: Opened) => Promise<void>): Promise<void> => {
    // What could not be opened was reported.
    const application = await open().catch(() => null);
    if (application === null) return;
    try {
      await endsWithin(workMs, work(application));
    } finally {
      await application.ledger.close();
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
    finish: async (isDue, work) => {
      const wasOpen = await opened() !== null;
      await close();
      const leave = wasOpen ? shared.work.enterNow("") : null;
      try {
        if (leave !== null && isDue()) await workAlone(work);
      } finally {
        leave?.();
      }
    },
  };
};
