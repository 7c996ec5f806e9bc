/**
 * Group commit: appends that are given while one is under way go into the next statement together,
 * so that one sync to disk serves them all.
 */
import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { Append, AppendOutcome, Claim, EarlierCommand, Head } from "../../../core/ports.ts";
import { prepare, type Prepared, toAppended, toStatement } from "./batch.ts";
import { type Database, isRace, isRefused } from "./database.ts";
import type { Patience } from "./patience.ts";
import { assertOwnRows, OtherRows } from "./row-version.ts";
import { text, toClaim, toEarlier, toHead } from "./records.ts";
import { CLAIM, COMMAND, HASH, HEADS } from "./statements.ts";
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

const headsOf = async (
  database: Database,
  organizations: readonly string[],
): Promise<ReadonlyMap<string, Head>> => {
  if (organizations.length === 0) return new Map();
  const rows = await database.query(HEADS, [organizations]);
  return new Map(rows.map((row) => [text(row, "organization"), toHead(row)]));
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

type Ready = { readonly waiting: Waiting; readonly prepared: Prepared };

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

const earlierOf = async (database: Database, append: Append): Promise<EarlierCommand | null> => {
  if (append.command === null) return null;
  const { organization, command } = append;
  return toEarlier(organization, await database.query(COMMAND, [organization, command.id]));
};

const claimOf = async (database: Database, append: Append): Promise<Claim | null> => {
  if (append.claim === null) return null;
  const [row] = await database.query(CLAIM, [append.claim.e164]);
  return row === undefined ? null : toClaim(row);
};

/**
 * Whether an append that was not answered stands after all. If its place is another's it never will,
 * also where the statement goes on for a while: an append stands at its head or nowhere.
 */
const standsAfterAll = async (database: Database, waiting: Waiting): Promise<boolean> => {
  const [first] = waiting.unanswered?.events ?? [];
  if (first === undefined) return false;
  const { organization, position, hash } = first.event;
  const [row] = await database.query(HASH, [organization, position]);
  if (row !== undefined && row["hash"] !== hash) waiting.unanswered = null;
  return row?.["hash"] === hash;
};

/**
 * The outcome of an append that did not stand; null when it is to be tried again, since what stood
 * in its way is gone by now.
 */
const toRefused = async (
  database: Database,
  waiting: Waiting,
  tried: Head,
): Promise<AppendOutcome | null> => {
  const { append, unanswered } = waiting;
  if (unanswered !== null && await standsAfterAll(database, waiting)) return toAppended(unanswered);
  const earlier = await earlierOf(database, append);
  if (earlier !== null) return { outcome: "repeated", ...earlier };
  const heads = await headsOf(database, [append.organization]);
  const head = heads.get(append.organization) ?? EMPTY_HEAD;
  waiting.head = head;
  if (head.position !== tried.position || head.hash !== tried.hash) {
    if (append.expected !== "any") return { outcome: "conflict", head };
    waiting.unexplained = 0;
    return null;
  }
  const claim = await claimOf(database, append);
  if (claim !== null) return { outcome: "claimed", claim };
  if (database.transaction !== undefined) await assertOwnRows(database);
  return null;
};

/** So often, at most, an append is refused for no reason that the log shows. */
const MAX_UNEXPLAINED = 10;
/** So often others may come before an append at any head. */
const MAX_REFUSALS = 1_000;

/** Refuses to go on where another attempt would come to the same as all those before. */
const assertProgress = (waiting: Waiting): void => {
  const { append: { organization }, refusals, unexplained } = waiting;
  if (unexplained < MAX_UNEXPLAINED && refusals < MAX_REFUSALS) return;
  throw new Error(
    `an append to the log of ${JSON.stringify(organization)} was refused ${refusals} times, ` +
      (unexplained < MAX_UNEXPLAINED ? "since its head never stood still" : "for no reason") +
      ": this is a bug of Ledgerline or of its database, please report it",
  );
};

const MAY_STAND_YET =
  "an append was not answered, and another has its number now: it is not known whether it will stand";

/**
 * Settles an append that did not stand; true when it is to be tried again. It never throws, since
 * the statement is done and must not be run again for the others' sake.
 */
const refuse = async (
  database: Database,
  { waiting, prepared }: Ready,
): Promise<boolean> => {
  try {
    waiting.refusals += 1;
    waiting.unexplained += 1;
    const outcome = await toRefused(database, waiting, prepared.expected);
    if (outcome === null) assertProgress(waiting);
    // Its lost statement may reach the database after that number was given back, and stand then.
    const mayStandYet = outcome?.outcome === "claimed" && waiting.unanswered !== null;
    if (mayStandYet) waiting.fail(new Unavailable(MAY_STAND_YET));
    else if (outcome !== null) waiting.settle(outcome);
    return outcome === null;
  } catch (error) {
    if (error instanceof Unavailable && !(error instanceof OtherRows)) {
      lose([waiting], error);
      return true;
    }
    waiting.fail(error);
    return false;
  }
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
    if (error instanceof Unavailable) {
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
    if (error instanceof Unavailable) return lose([waiting], error);
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
    if (error instanceof Unavailable) return lose(batch, error);
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
