import type { EventLog } from "../../../core/ports/mod.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { type Gate, openGate } from "../gate.ts";
import { checkAppend } from "../append-checks.ts";
import { appendedOf, openWatchers, type Watchers } from "../watchers.ts";
import type { Database } from "./database.ts";
import {
  amongProcesses,
  quietAmongProcesses,
  type Quietly,
  withinProcess,
} from "./rebuild-exclusion.ts";
import { openDeliveries } from "./deliveries.ts";
import { loadStatement, toSnapshot } from "./load.ts";
import { rebuildIn } from "./rebuild-tables.ts";
import { openPatience, patient } from "./retry.ts";
import { type OnBatch, openAppendQueue } from "./queue.ts";
import { readClaims } from "./claims.ts";
import { readEvents, readEventsAbout, readEventsBeginning } from "./events.ts";
import { listIn } from "./listing.ts";
import { replaceRows } from "./replace-rows.ts";
import { text, toHead, toRow, whole } from "./row-codec.ts";
import { isFound } from "./schema.ts";
import { openTokenUses } from "./token-uses.ts";
import {
  DUE,
  DUE_AFTER,
  EVENTS,
  FIND,
  FIND_BY_INDEX,
  HEADS_AFTER,
  NEXT_DUE,
  ROWS,
  ROWS_BY_INDEX,
  ROWS_WITHIN,
  SCAN,
} from "./statements.ts";

/** The log, with the database it is in for others that keep tables there. */
export type DatabaseLog = EventLog & {
  readonly database: Database;
  /** Resolves when the database answers, and rejects when it does not. */
  health(): Promise<void>;
};

type Find = Awaited<ReturnType<EventLog["find"]>>;

const find = async (database: Database, kind: string, key: string): Promise<Find> => {
  const [row] = await database.query(isFound(kind) ? FIND_BY_INDEX : FIND, [kind, key]);
  return row === undefined ? null : { organization: text(row, "organization"), row: toRow(row) };
};

const rowsOf = async (
  database: Database,
  ...[kind, { from, below, organization }, limit]: Parameters<EventLog["rowsOf"]>
): ReturnType<EventLog["rowsOf"]> => {
  const asked = [kind, from, below, limit];
  const rows = organization === undefined
    ? await database.query(isFound(kind) ? ROWS_BY_INDEX : ROWS, asked)
    : await database.query(ROWS_WITHIN, [...asked, organization]);
  return rows.map((row) => ({ organization: text(row, "organization"), row: toRow(row) }));
};

/** The lists of work in a database. */
const workIn = (database: Database): Pick<EventLog, "due" | "nextDue"> => ({
  due: async (until, limit, after) => {
    const rows = after === undefined
      ? await database.query(DUE, [until, limit])
      : await database.query(
        DUE_AFTER,
        [until, limit, after.due, after.organization, after.kind, after.key],
      );
    return rows.map((row) => ({
      organization: text(row, "organization"),
      kind: text(row, "kind"),
      key: text(row, "key"),
      automation: text(row, "automation"),
      due: whole(row, "due"),
    }));
  },
  nextDue: async (after) => {
    const [row] = await database.query(NEXT_DUE, [after]);
    return row === undefined ? null : whole(row, "due");
  },
});

/**
 * How many statements append concurrently in a database that works beside this process: while it
 * writes one, the next is made. More of them gain nothing.
 */
const LANES = 2;

/** How long, at most, a close waits for the appends under way: what blocks them may never end. */
const CLOSE_MS = 5_000;

/** Resolves when the work is done, or when its time is over. */
const within = async (limit_ms: Milliseconds, work: Promise<void>): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limit_ms);
  });
  await Promise.race([work, over]).finally(() => clearTimeout(timer));
};

/** Makes the calls of a log that a worker lacks. */
type Rewriting = (
  database: Database,
  /** The same, once the log is open, and until it is closed. */
  open: Database,
  gate: Gate,
  drained: () => Promise<void>,
) => Pick<EventLog, "rebuild" | "replaceRows" | "deliveries">;

const rewriting: Rewriting = (database, open, gate, drained) => {
  const { transaction } = database;
  const exclusively = transaction === undefined
    ? withinProcess(database, gate, drained)
    : amongProcesses(database, transaction);
  // Where nothing else writes, one statement is enough.
  const quietly: Quietly = transaction === undefined
    ? (work) => work(open)
    : quietAmongProcesses(transaction);
  return {
    rebuild: (work) => rebuildIn(exclusively, work),
    replaceRows: (...input) => replaceRows(quietly, ...input),
    deliveries: openDeliveries(open),
  };
};

const refuse = () =>
  Promise.reject(new Error("This log serves only; the command line writes its rows again."));

/** What a worker has in place of them, whose bundle is to be small: it delivers nothing. */
const servingOnly: Rewriting = () => ({ rebuild: refuse, replaceRows: refuse });

const openLogWith = (
  rewritingOf: Rewriting,
  database: Database,
  closeDatabase: () => Promise<void>,
  watchers: Watchers = openWatchers(),
  statements: number = LANES,
  onBatch?: OnBatch,
): EventLog => {
  const patience = openPatience();
  const steady = patient(database, patience);
  const { transaction } = database;
  const most = transaction === undefined ? 1 : statements;
  const queue = openAppendQueue(database, patience, Math.min(LANES, most), most, onBatch);
  const gate = openGate();
  let closing: Promise<void> | null = null;
  const assertOpen = (): void => {
    if (closing !== null) throw new Error("the log is closed");
  };
  const open: Database = {
    query: async (sql, parameters, isLong) => {
      assertOpen();
      return await steady.query(sql, parameters, isLong);
    },
  };
  const rewritten = rewritingOf(database, open, gate, queue.drained);
  return {
    load: async (organization, needs) => {
      const { sql, parameters } = loadStatement(organization, needs);
      return toSnapshot(organization, needs, await open.query(sql, parameters));
    },
    append: async (append) => {
      assertOpen();
      checkAppend(append);
      const outcome = await gate.pass(() => queue.append(append));
      if (outcome.outcome === "appended") watchers.notify(appendedOf(append));
      return outcome;
    },
    events: (organization, after, limit) => readEvents(open, EVENTS, [organization, after, limit]),
    eventsAbout: (...asked) => readEventsAbout(open, ...asked),
    eventsBeginning: (...asked) => readEventsBeginning(open, ...asked),
    // All events, for a rebuild: no caller waits for it.
    scan: ({ organization, position }, limit) =>
      readEvents(open, SCAN, [organization, position, limit], true),
    find: (kind, key) => find(open, kind, key),
    rowsOf: (...asked) => rowsOf(open, ...asked),
    claims: (...asked) => readClaims(open, ...asked),
    list: (...asked) => listIn(open, ...asked),
    ...workIn(open),
    heads: async (after, limit) =>
      (await open.query(HEADS_AFTER, [after, limit]))
        .map((row) => ({ organization: text(row, "organization"), head: toHead(row) })),
    replaceRows: async (...input) => {
      assertOpen();
      return await rewritten.replaceRows(...input);
    },
    rebuild: async (work) => {
      assertOpen();
      return await rewritten.rebuild(work);
    },
    watch: watchers.watch,
    tokenUses: openTokenUses(open),
    deliveries: rewritten.deliveries,
    close: () => closing ??= within(CLOSE_MS, queue.drained()).then(closeDatabase),
  };
};

type Given = Parameters<typeof openLogWith> extends [unknown, ...infer Rest] ? Rest : never;

/**
 * The log on a migrated database. `close` waits for the appends under way, for five seconds at
 * most, and then closes the database with `closeDatabase`; afterwards every operation rejects.
 * `watchers` are notified of appends. Where others use the database too, at most `statements`
 * append concurrently. `onBatch` is called with the number of appends in each statement.
 */
export const openSqlLog = (...given: Given): EventLog => openLogWith(rewriting, ...given);

/** The same for a program that never rebuilds rows. */
export const openServingLog = (...given: Given): EventLog => openLogWith(servingOnly, ...given);
