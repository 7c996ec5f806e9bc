/**
 * Group commit: appends that are given while one is under way go into the next statement together,
 * so that one sync to disk serves them all.
 */
import process from "node:process";
import { setImmediate } from "node:timers";
import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import type { Append, AppendOutcome, Claim, EarlierCommand, Head } from "../../../core/ports.ts";
import { compareText } from "../parts.ts";
import { prepare, type Prepared, toAppended, toStatement } from "./batch.ts";
import { type Database, isRace, isRefused } from "./database.ts";
import { text, toClaim, toEarlier, toHead } from "./records.ts";
import { CLAIM, COMMAND, HEADS } from "./statements.ts";

/** How many appends go into one statement at most; more of them make it no faster. */
const MAX_BATCH = 128;

/** How often a statement that lost a race is tried again before its error is given up. */
const MAX_ATTEMPTS = 10;

type Waiting = {
  readonly append: Append;
  /** The head that an append at any head is tried on next; null when it must be read first. */
  head: Head | null;
  readonly settle: (outcome: AppendOutcome) => void;
  readonly fail: (error: unknown) => void;
};

/**
 * Takes from the queue, in order, what may go into one statement: one append of each organization,
 * and none that names a number which an earlier one names. The others keep their places. In the
 * order of their organizations, two servers seldom lock what the other one waits for.
 */
const takeBatch = (queue: Waiting[]): readonly Waiting[] => {
  if (queue.length === 1) return queue.splice(0);
  const named = new Set<string>();
  const batch: Waiting[] = [];
  const rest: Waiting[] = [];
  for (const waiting of queue) {
    const { organization, claim, free } = waiting.append;
    // The numbers of one that waits count as well, so that a later append cannot overtake it.
    const names = [`o${organization}`, ...free.map(({ e164 }) => e164)];
    if (claim !== null) names.push(claim.e164);
    const fits = batch.length < MAX_BATCH && names.every((name) => !named.has(name));
    for (const name of names) named.add(name);
    (fits ? batch : rest).push(waiting);
  }
  queue.splice(0, queue.length, ...rest);
  return batch.sort((a, b) => compareText(a.append.organization, b.append.organization));
};

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
 * The outcome of an append that did not stand; null when it is to be tried again, since what stood
 * in its way is gone by now.
 */
const toRefused = async (
  database: Database,
  waiting: Waiting,
  tried: Head,
): Promise<AppendOutcome | null> => {
  const { append } = waiting;
  const earlier = await earlierOf(database, append);
  if (earlier !== null) return { outcome: "repeated", ...earlier };
  const heads = await headsOf(database, [append.organization]);
  const head = heads.get(append.organization) ?? EMPTY_HEAD;
  waiting.head = head;
  if (head.position !== tried.position || head.hash !== tried.hash) {
    return append.expected === "any" ? null : { outcome: "conflict", head };
  }
  const claim = await claimOf(database, append);
  return claim === null ? null : { outcome: "claimed", claim };
};

/**
 * Settles an append that did not stand; true when it is to be tried again. It never throws, since
 * the statement is done and must not be run again for the others' sake.
 */
const refuse = async (
  database: Database,
  { waiting, prepared }: Ready,
): Promise<boolean> => {
  try {
    const outcome = await toRefused(database, waiting, prepared.expected);
    if (outcome !== null) waiting.settle(outcome);
    return outcome === null;
  } catch (error) {
    waiting.fail(error);
    return false;
  }
};

/** Runs one statement for the batch. Gives those that are to be tried again. */
const runBatch = async (
  database: Database,
  batch: readonly Waiting[],
): Promise<readonly Waiting[]> => {
  const ready = prepareAll(batch, await headsFor(database, batch));
  if (ready.length === 0) return [];
  const { sql, parameters } = toStatement(ready.map(({ prepared }) => prepared));
  const rows = await database.query(sql, parameters);
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
    if (isRace(error) && attempts > 1) {
      waiting.head = null;
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
    if (!isRefused(error)) {
      for (const waiting of batch) waiting.fail(error);
      return [];
    }
    const again: Waiting[] = [];
    for (const waiting of batch) again.push(...await runAlone(database, waiting, MAX_ATTEMPTS));
    return again;
  }
};

/** For so long, at most, appends may follow upon another before the event loop has its turn. */
const LOOP_MS = 2;

/**
 * Lets others run before the next batch is taken. `rest`: resolves when all who had their outcomes
 * have gone on, so that their next appends join in; every now and then it lets the event loop turn,
 * as `turn` does always: whoever has just asked for something can then join in as well.
 */
const openTurns = () => {
  let turned = 0;
  const turn = (): Promise<void> =>
    new Promise((resolve) =>
      setImmediate(() => {
        turned = performance.now();
        resolve();
      })
    );
  const rest = (): Promise<void> =>
    performance.now() - turned > LOOP_MS
      ? turn()
      : new Promise((resolve) => process.nextTick(resolve));
  return { turn, rest };
};

/** Opens the queue on a database; it writes one batch at a time. */
export const openAppendQueue = (database: Database): AppendQueue => {
  const queue: Waiting[] = [];
  const { turn, rest } = openTurns();
  let working: Promise<void> | null = null;

  const work = async (): Promise<void> => {
    await turn();
    while (queue.length > 0) {
      const again = await runSafely(database, takeBatch(queue));
      queue.unshift(...again);
      await rest();
    }
    working = null;
  };

  return {
    append: (append) =>
      new Promise((settle, fail) => {
        queue.push({ append, head: null, settle, fail });
        working ??= work();
      }),
    drained: async () => {
      while (working !== null) await working;
    },
  };
};
