/** Recomputes rows and claims from the logs alone: of one organization, or of all of them. */
import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import { claimsHeld, claimsHeldBy } from "../../../core/registry/claims.ts";
import { toFact } from "../../../core/events/vocabulary.ts";
import { allEventsOf, assertAdvances, headsOf } from "../../../core/log/pages.ts";
import { touchedBy } from "../../../core/registry/replay.ts";
import { State } from "../../../core/log/state.ts";
import { approximateBytes } from "../../validation/size.ts";
import { type OnBroken, watchChains } from "./chain-watch.ts";
import { eventLoopTurn } from "../engine/slices.ts";
import type { Advance, EventLog, Head, HeldClaim, Lag, NextRows } from "../../../core/ports/mod.ts";

/** Loaded when needed: a program that rebuilds nothing does not load how numbers are written. */
const writing = () => import("../engine/written-rows.ts");

/** How often a rebuild begins again because the log moved on meanwhile. */
const MAX_ATTEMPTS = 10;

/**
 * Computes all state rows and claims of an organization from its log alone, and puts them in place
 * of what is there; `onBroken` is called if the log does not follow its hash chain. Returns how
 * many events were read. Throws when the log keeps changing.
 *
 * @example
 * ```ts
 * import { rebuildOrganization } from "ledgerline";
 * import { openPostgresLog } from "ledgerline/postgres";
 *
 * const log = await openPostgresLog({ url: "postgres://localhost/ledgerline" });
 * const { events } = await rebuildOrganization(log, "acme");
 * ```
 */
export const rebuildOrganization = async (
  log: EventLog,
  organization: string,
  onBroken: OnBroken = () => {},
): Promise<{ readonly events: number }> => {
  for (let tried = 0; tried < MAX_ATTEMPTS; tried++) {
    const look = watchChains(tried === 0 ? onBroken : () => {});
    const events: EventLog["events"] = async (...asked) => {
      const page = await log.events(...asked);
      look(page);
      return page;
    };
    const { foldLog } = await writing();
    const { state, head, rows } = await foldLog({ events }, organization);
    if (await log.replaceRows(organization, head, rows, claimsHeld(state))) {
      return { events: head.position };
    }
  }
  throw new Error(`The log of ${organization} is too busy to be rebuilt; try again later.`);
};

/** How far a rebuild of all organizations is. */
export type RebuildProgress = {
  /** Events that were folded. */
  readonly events: number;
  /** How many there were when it began; more are folded if more are appended meanwhile. */
  readonly of: number;
  readonly organizations: number;
};

/** So much is put together: callers choose how large rows are. */
const MANY_ROWS = 2_000;
const MANY_BYTES = 16 * 1_048_576;
const MANY_ORGANIZATIONS = 500;

/**
 * When so much was read of one organization, what it has led to is put, and the rest of its log is
 * left to be caught up with, for which only the rows are read that its next few events touch.
 */
const LARGE_BYTES = 32 * 1_048_576;
const FEW_AT_ONCE = 20;

/** Puts advances in batches, the next one being made while the last one is put. */
const openBatches = (next: NextRows) => {
  let batch: Advance[] = [];
  let [rows, bytes] = [0, 0];
  let putting = Promise.resolve();
  const flush = async (): Promise<void> => {
    await putting;
    putting = next.put(batch);
    // The next `await` receives the error; until then, nothing may be awaiting it.
    putting.catch(() => {});
    [batch, rows, bytes] = [[], 0, 0];
  };
  return {
    /** `read`: how many bytes the events had that it was made of. */
    add: async (advance: Advance, read: number): Promise<void> => {
      batch.push(advance);
      rows += advance.rows.length;
      bytes += read;
      const isMuch = rows >= MANY_ROWS || bytes >= MANY_BYTES;
      if (isMuch || batch.length >= MANY_ORGANIZATIONS) await flush();
    },
    finish: async (): Promise<void> => {
      await flush();
      await putting;
    },
  };
};

type Note = (events: number, organizations: number) => void;

/**
 * Puts every organization as far as one reading of all events goes; of large ones, which it gives,
 * only the beginning.
 */
const fill = async (
  log: EventLog,
  next: NextRows,
  note: Note,
  onBroken: OnBroken,
): Promise<ReadonlySet<string>> => {
  const look = watchChains(onBroken);
  const batches = openBatches(next);
  const large = new Set<string>();
  const { openWrittenRows } = await writing();
  const openRows = () => openWrittenRows(State.empty());
  let organization = "";
  let written = openRows();
  let head = EMPTY_HEAD;
  let read = 0;
  const finish = async (): Promise<void> => {
    if (head.position === 0 || large.has(organization)) return;
    const taken = claimsHeld(written.state);
    const from = EMPTY_HEAD;
    const rows = written.changes();
    await batches.add({ organization, from, head, rows, taken, freed: [] }, read);
    note(0, 1);
  };
  for await (const page of allEventsOf(log)) {
    // Drivers send at the next turn of the event loop: so the next page is requested before the
    // work.
    await eventLoopTurn();
    let folded = 0;
    look(page);
    for (const event of page) {
      if (event.organization !== organization) {
        await finish();
        [organization, written, read] = [event.organization, openRows(), 0];
      }
      if (large.has(organization)) continue;
      written.fold(toFact(event), event.position);
      head = { position: event.position, hash: event.hash };
      read += approximateBytes(event.data);
      folded += 1;
      if (read < LARGE_BYTES) continue;
      await finish();
      large.add(organization);
      written = openRows();
    }
    note(folded, 0);
  }
  await finish();
  await batches.finish();
  return large;
};

/** As much of a log as is folded at a time when it is caught up with. */
const PAGE = 1_000;

const without = (
  claims: readonly HeldClaim[],
  others: readonly HeldClaim[],
): readonly HeldClaim[] =>
  claims.filter(({ key, holder }) =>
    !others.some((other) => other.key === key && other.holder === holder)
  );

/** Puts a page of events after `from`, at most `limit`. Gives the head that they lead to. */
const advance = async (
  next: NextRows,
  organization: string,
  from: Head,
  limit: number,
): Promise<Head> => {
  const events = await next.events(organization, from.position, limit);
  const head = events[events.length - 1];
  if (head === undefined) {
    throw new Error(`The log of ${organization} lost what followed position ${from.position}.`);
  }
  const facts = events.map(toFact);
  const needs = { rows: touchedBy(facts) };
  const rows = await next.rows(organization, needs.rows);
  const state = State.of({ head: from, rows, claims: [] }, needs);
  const before = claimsHeldBy(state, needs.rows);
  const { openWrittenRows } = await writing();
  const { fold, changes } = openWrittenRows(state);
  for (const [index, fact] of facts.entries()) fold(fact, from.position + 1 + index);
  const after = claimsHeldBy(state, needs.rows);
  await next.put([{
    organization,
    from,
    head: { position: head.position, hash: head.hash },
    rows: changes(),
    taken: without(after, before),
    freed: without(before, after),
  }]);
  return head;
};

async function* lagsOf(next: NextRows): AsyncGenerator<Lag> {
  let last = "";
  for (;;) {
    const page = await next.lags(last, PAGE);
    if (page.length === 0) return;
    yield* page;
    const end = page[page.length - 1]?.organization ?? last;
    assertAdvances(end !== last, "what is behind", end);
    last = end;
  }
}

/** Puts what was appended since an organization was put. Gives how many events that were. */
const catchUp = async (
  next: NextRows,
  large: ReadonlySet<string>,
  note: Note,
): Promise<number> => {
  let events = 0;
  for await (const { organization, put, head } of lagsOf(next)) {
    let at = put;
    while (at.position < head.position) {
      const most = large.has(organization) ? FEW_AT_ONCE : PAGE;
      const before = at.position;
      at = await advance(next, organization, at, Math.min(most, head.position - before));
      assertAdvances(at.position > before, "events of a rebuild", at.position);
      note(at.position - before, 0);
    }
    events += head.position - put.position;
    note(0, put.position === 0 ? 1 : 0);
  }
  return events;
};

/** When no more than this many events are behind, appends can be kept out to put them. */
const FEW_EVENTS = 200;
const MAX_ROUNDS = 20;

const sizeOf = async (log: EventLog): Promise<number> => {
  let events = 0;
  for await (const page of headsOf(log)) {
    for (const { head } of page) events += head.position;
  }
  return events;
};

/**
 * Recomputes the rows and claims of all organizations, beside those in use, and puts them in their
 * place in one step; the log goes on serving meanwhile. `onProgress` is called after every page,
 * and `onBroken` for each log that does not follow its hash chain, whose rows are then computed
 * from what is there. Returns how many events and organizations there were. Throws, and changes
 * nothing, when a stored event cannot be read, when two logs claim one number, or while another
 * rebuild is under way.
 *
 * @example
 * ```ts
 * import { rebuildAll } from "ledgerline";
 * import { openPgliteLog } from "ledgerline/pglite";
 *
 * const log = await openPgliteLog({ folder: ".ledgerline" });
 * const { events, organizations } = await rebuildAll(log);
 * ```
 */
export const rebuildAll = async (
  log: EventLog,
  onProgress: (progress: RebuildProgress) => void = () => {},
  onBroken: OnBroken = () => {},
): Promise<{ readonly events: number; readonly organizations: number }> => {
  const of = await sizeOf(log);
  let [events, organizations] = [0, 0];
  const note: Note = (more, done) => {
    events += more;
    organizations += done;
    onProgress({ events, of, organizations });
  };
  await log.rebuild(async (next) => {
    const large = await fill(log, next, note, onBroken);
    let behind = await catchUp(next, large, note);
    for (let round = 1; round < MAX_ROUNDS && behind > FEW_EVENTS; round++) {
      behind = await catchUp(next, large, note);
    }
    await next.swap(async () => {
      await catchUp(next, large, note);
    });
  });
  return { events, organizations };
};
