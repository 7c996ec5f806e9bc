/** One attempt to append a batch, or what is left of it. */
import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import type { Head } from "../../../core/ports/mod.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { blockedError } from "./blocked-organizations.ts";
import {
  chainsOf,
  isLarge,
  partsOf,
  prepare,
  type Prepared,
  toAppended,
  toStatement,
} from "./batch.ts";
import {
  type Database,
  isBlocked,
  isInPart,
  isLost,
  isRace,
  isRefused,
  type ResultRow,
  type Transact,
} from "./database.ts";
import { text } from "./row-codec.ts";
import { headsOf, type Ready, refuseChain } from "./append-refusal.ts";
import { halve, lose, preparedOf, type Waiting } from "./pending-append.ts";

/** How often a statement that lost a race is tried again before its error is given up. */
const MAX_ATTEMPTS = 10;

/** The heads that appends at any head follow, as far as they are not known. */
const headsFor = (database: Database, batch: readonly Waiting[]) =>
  headsOf(
    database,
    batch.filter(({ append, head }) => append.expected === "any" && head === null)
      .map(({ append }) => append.organization),
  );

/** The head that one at any head follows. */
const headFor = ({ append, head }: Waiting, heads: ReadonlyMap<string, Head>): Head =>
  head ?? heads.get(append.organization) ?? EMPTY_HEAD;

/** Prepares each append; one that cannot be written as JSON fails alone. */
const prepareAll = (
  batch: readonly Waiting[],
  heads: ReadonlyMap<string, Head>,
): readonly Ready[] => {
  const ready: Ready[] = [];
  for (const waiting of batch) {
    try {
      const prepared = preparedOf(waiting) ?? prepare(waiting.append, headFor(waiting, heads));
      ready.push({ waiting, prepared });
    } catch (error) {
      waiting.fail(error);
    }
  }
  return ready;
};

/** A database, and how long a statement on it may go without an answer. */
export type Bounded = { readonly database: Database; readonly callOff_ms: Milliseconds };

/** Only such an append can get some of its claims; any other must not fail like one. */
const takesSeveral = (ready: Ready | undefined): boolean =>
  ready !== undefined && ready.prepared.append.claims.length > 1;

/** Appends in parts, with others having their turn between them. */
const appendInParts = (inSteps: Transact, prepared: Prepared): Promise<readonly ResultRow[]> =>
  inSteps(async (database) => {
    let rows: readonly ResultRow[] = [];
    let isFirst = true;
    for (const { sql, parameters } of partsOf(prepared)) {
      rows = await database.query(sql, parameters);
      if (rows.length === 0) {
        if (isFirst) break;
        throw new Error("a part does not follow the one before");
      }
      isFirst = false;
    }
    return rows;
  });

const sendTo = async (
  { database, callOff_ms }: Bounded,
  ready: readonly Ready[],
): Promise<readonly ResultRow[]> => {
  const { inSteps, transaction } = database;
  const [only] = ready;
  if (inSteps !== undefined && only !== undefined && isLarge(only.prepared.append)) {
    return await appendInParts(inSteps, only.prepared);
  }
  const isShared = transaction !== undefined;
  const { sql, parameters } = toStatement(ready.map(({ prepared }) => prepared), isShared);
  return isShared
    ? await database.query(sql, parameters, false, callOff_ms)
    : await database.query(sql, parameters);
};

/** Sends the statement for the batch, and notes what may be committed when no answer comes. */
const send = async (bounded: Bounded, ready: readonly Ready[]) => {
  try {
    return await sendTo(bounded, ready);
  } catch (error) {
    // Alone, it is refused like one that got no claim; with others, each is tried alone.
    if (ready.length === 1 && takesSeveral(ready[0]) && isInPart(error)) return [];
    if (isLost(error)) {
      for (const { waiting, prepared } of ready) {
        waiting.unanswered = prepared;
        waiting.head = prepared.expected;
      }
    }
    throw error;
  }
};

/** Runs one statement for the batch. Gives those that are to be tried again. */
const runBatch = async (
  bounded: Bounded,
  batch: readonly Waiting[],
): Promise<readonly Waiting[]> => {
  const { database } = bounded;
  const ready = prepareAll(batch, await headsFor(database, batch));
  if (ready.length === 0) return [];
  const rows = await send(bounded, ready);
  const committed = new Set(rows.map((row) => text(row, "organization")));
  const again: Waiting[] = [];
  for (const chain of chainsOf(ready, ({ waiting }) => waiting.append.organization)) {
    const [first] = chain;
    if (first === undefined || !committed.has(first.prepared.append.organization)) {
      again.push(...await refuseChain(database, chain));
    } else for (const { waiting, prepared } of chain) waiting.settle(toAppended(prepared));
  }
  return again;
};

/** Notes that an append was blocked while nothing else was sent with it. */
const block = (waiting: Waiting, error: unknown): readonly Waiting[] => {
  waiting.blocks += 1;
  waiting.isApart = true;
  return lose([waiting], blockedError(waiting.append.organization, error));
};

const runAlone = async (
  bounded: Bounded,
  waiting: Waiting,
  attempts = MAX_ATTEMPTS,
): Promise<readonly Waiting[]> => {
  try {
    return await runBatch(bounded, [waiting]);
  } catch (error) {
    if (isBlocked(error)) return block(waiting, error);
    if (isLost(error)) return lose([waiting], error);
    if (isRace(error) && attempts > 1) {
      if (waiting.unanswered === null) waiting.head = null;
      return await runAlone(bounded, waiting, attempts - 1);
    }
    waiting.fail(error);
    return [];
  }
};

/**
 * Runs a batch, of one or more. One append that the database refuses, or that others block, does
 * not fail those that were sent with it: each is to be tried again alone then, or where several of
 * one organization get their numbers in part, half of these at a time. Returns those that
 * are to be tried again; never throws.
 */
export const attempt = async (
  bounded: Bounded,
  batch: readonly Waiting[],
): Promise<readonly Waiting[]> => {
  const [first] = batch;
  if (first !== undefined && batch.length === 1) return await runAlone(bounded, first);
  try {
    return await runBatch(bounded, batch);
  } catch (error) {
    const chains = chainsOf(batch, ({ append }) => append.organization);
    if (isInPart(error) && chains.length < batch.length) {
      for (const chain of chains) halve(chain);
      return batch;
    }
    if (isBlocked(error) || isRefused(error)) {
      for (const waiting of batch) waiting.isApart = true;
      return batch;
    }
    if (isLost(error)) return lose(batch, error);
    for (const waiting of batch) waiting.fail(error);
    return [];
  }
};
