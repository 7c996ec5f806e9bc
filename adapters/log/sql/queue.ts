/**
 * Group commit: appends that are given while one is under way go into the next statement together,
 * so that one sync to disk serves them all.
 */
import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import type { Append, AppendOutcome, Head } from "../../../core/ports.ts";
import { prepare, toAppended, toStatement } from "./batch.ts";
import { type Database, isLost, isRace, isRefused } from "./database.ts";
import type { Patience } from "./patience.ts";
import { text } from "./records.ts";
import { headsOf, type Ready, refuse } from "./refusal.ts";
import { openTurns } from "./turns.ts";
import { lose, takeBatch, type Waiting, waitingFor } from "./waiting.ts";

/** How often a statement that lost a race is tried again before its error is given up. */
const MAX_ATTEMPTS = 10;

/**
 * So many at least go into a statement beside one that is under way: each costs as much by itself as
 * ten more appends in it.
 */
const MANY = 16;

/** Takes appends and settles each with its outcome. */
export type AppendQueue = {
  append(append: Append): Promise<AppendOutcome>;
  /** Resolves when nothing is waiting or under way any more. */
  drained(): Promise<void>;
};

/** The heads that appends at any head follow, as far as they are not known. */
const headsFor = (database: Database, batch: readonly Waiting[]) =>
  headsOf(
    database,
    batch.filter(({ append, head }) => append.expected === "any" && head === null)
      .map(({ append }) => append.organization),
  );

const headFor = ({ append, head }: Waiting, heads: ReadonlyMap<string, Head>): Head =>
  append.expected === "any"
    ? head ?? heads.get(append.organization) ?? EMPTY_HEAD
    : append.expected;

/** Prepares each append; one that has no JSON fails alone. */
const prepareAll = (
  batch: readonly Waiting[],
  heads: ReadonlyMap<string, Head>,
): readonly Ready[] => {
  const ready: Ready[] = [];
  for (const waiting of batch) {
    try {
      ready.push({ waiting, prepared: prepare(waiting.append, headFor(waiting, heads)) });
    } catch (error) {
      waiting.fail(error);
    }
  }
  return ready;
};

/** Sends the statement for the batch, and notes what may stand when no answer comes. */
const send = async (database: Database, ready: readonly Ready[]) => {
  const { sql, parameters } = toStatement(
    ready.map(({ prepared }) => prepared),
    database.transaction !== undefined,
  );
  try {
    return await database.query(sql, parameters);
  } catch (error) {
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
  database: Database,
  batch: readonly Waiting[],
): Promise<readonly Waiting[]> => {
  const ready = prepareAll(batch, await headsFor(database, batch));
  if (ready.length === 0) return [];
  const rows = await send(database, ready);
  const standing = new Set(rows.map((row) => text(row, "organization")));
  const again: Waiting[] = [];
  for (const one of ready) {
    const { waiting, prepared } = one;
    if (standing.has(waiting.append.organization)) waiting.settle(toAppended(prepared));
    else if (await refuse(database, one)) again.push(waiting);
  }
  return again;
};

const runAlone = async (
  database: Database,
  waiting: Waiting,
  attempts: number,
): Promise<readonly Waiting[]> => {
  try {
    return await runBatch(database, [waiting]);
  } catch (error) {
    if (isLost(error)) return lose([waiting], error);
    if (isRace(error) && attempts > 1) {
      if (waiting.unanswered === null) waiting.head = null;
      return await runAlone(database, waiting, attempts - 1);
    }
    waiting.fail(error);
    return [];
  }
};

/** As `runBatch`, but one append that the database refuses does not take the others with it. */
const runSafely = async (
  database: Database,
  batch: readonly Waiting[],
): Promise<readonly Waiting[]> => {
  const [first] = batch;
  if (first !== undefined && batch.length === 1) {
    return await runAlone(database, first, MAX_ATTEMPTS);
  }
  try {
    return await runBatch(database, batch);
  } catch (error) {
    if (isLost(error)) return lose(batch, error);
    if (!isRefused(error)) {
      for (const waiting of batch) waiting.fail(error);
      return [];
    }
    const again: Waiting[] = [];
    for (const waiting of batch) again.push(...await runAlone(database, waiting, MAX_ATTEMPTS));
    return again;
  }
};

/**
 * What is to be tried again, after a pause if answers were lost; what has been lost for too long
 * fails. It is tried as it was, at the same head, so that it can be told whether it stands.
 */
const afterLosses = async (
  again: readonly Waiting[],
  patience: Patience,
): Promise<readonly Waiting[]> => {
  const losses = again.map(({ lost, losses }) => lost === null ? 0 : losses);
  const most = Math.max(0, ...losses);
  if (most === 0) patience.answered();
  if (most === 0 || await patience.wait(most)) return again;
  for (const { lost, fail } of again) if (lost !== null) fail(lost);
  return again.filter(({ lost }) => lost === null);
};

/**
 * Opens the queue on a database that takes so many statements at once (`lanes`). Batches that are
 * under way together share no organization and no number. An append fails with `Unavailable` when it
 * cannot be told in time whether it stands.
 */
export const openAppendQueue = (
  database: Database,
  patience: Patience,
  lanes: number,
): AppendQueue => {
  const queue: Waiting[] = [];
  const busy = new Set<string>();
  const working = new Set<Promise<void>>();
  const { turn, rest } = openTurns();
  let underWay = 0;

  /** What to send next; none while a batch is under way that few would be better to follow. */
  const next = (): readonly Waiting[] => {
    if (underWay > 0 && queue.length < MANY) return [];
    const free = lanes - underWay;
    return takeBatch(queue, busy, Math.max(MANY, Math.ceil(queue.length / free)));
  };

  const perform = async (batch: readonly Waiting[]): Promise<void> => {
    const names = batch.flatMap((waiting) => waiting.names);
    for (const name of names) busy.add(name);
    for (const waiting of batch) waiting.lost = null;
    underWay += 1;
    const again = await afterLosses(await runSafely(database, batch), patience);
    underWay -= 1;
    for (const name of names) busy.delete(name);
    queue.unshift(...again);
  };

  /** Calls `end` as soon as there is nothing to send: what comes after must not count on it. */
  const work = async (end: () => void): Promise<void> => {
    await turn();
    for (let batch = next(); batch.length > 0; batch = next()) {
      await perform(batch);
      await rest();
    }
    end();
  };

  const begin = (): void => {
    const lane: Promise<void> = work(() => working.delete(lane));
    working.add(lane);
  };

  return {
    append: (append) =>
      new Promise((settle, fail) => {
        queue.push(waitingFor(append, settle, fail));
        if (working.size < lanes) begin();
      }),
    drained: async () => {
      while (working.size > 0) await Promise.all(working);
    },
  };
};
