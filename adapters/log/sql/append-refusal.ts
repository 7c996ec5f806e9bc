/** The outcome of an append that was not committed. */
import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import type {
  Append,
  AppendOutcome,
  Claim,
  EarlierCommand,
  Head,
} from "../../../core/ports/mod.ts";
import { type Prepared, toAppended } from "./batch.ts";
import { type Database, isLost } from "./database.ts";
import { text, toClaim, toEarlier, toHead } from "./row-codec.ts";
import { assertOwnRows } from "./row-version.ts";
import { CLAIM, COMMAND, HASH, HEADS } from "./statements.ts";
import { halve, lose, type Waiting } from "./pending-append.ts";

/** The heads of those of the organizations that have events. */
export const headsOf = async (
  database: Database,
  organizations: readonly string[],
): Promise<ReadonlyMap<string, Head>> => {
  if (organizations.length === 0) return new Map();
  const rows = await database.query(HEADS, [organizations]);
  return new Map(rows.map((row) => [text(row, "organization"), toHead(row)]));
};

/** An append with the statement's part that was made of it. */
export type Ready = { readonly waiting: Waiting; readonly prepared: Prepared };

const earlierOf = async (database: Database, append: Append): Promise<EarlierCommand | null> => {
  if (append.command === null) return null;
  const { organization, command } = append;
  const [earlier = null] = toEarlier(
    organization,
    await database.query(COMMAND, [organization, command.id]),
  );
  return earlier;
};

const claimOf = async (database: Database, append: Append): Promise<Claim | null> => {
  for (const { key } of append.claims) {
    const [row] = await database.query(CLAIM, [key]);
    const claim = row === undefined ? null : toClaim(row);
    const isOwn = append.free.some((held) =>
      held.key === key && held.holder === claim?.holder &&
      claim.organization === append.organization
    );
    // A claim that the append itself gives back does not conflict.
    if (claim !== null && !isOwn) return claim;
  }
  return null;
};

/**
 * Whether an append that was not answered is committed after all. If its position is another's it
 * never will be, also where the statement goes on for a while: an append is committed at its head
 * or nowhere.
 */
const isCommittedAfterAll = async (database: Database, waiting: Waiting): Promise<boolean> => {
  const [first] = waiting.unanswered?.events ?? [];
  if (first === undefined) return false;
  const { organization, position, hash } = first.event;
  const [row] = await database.query(HASH, [organization, position]);
  if (row !== undefined && row["hash"] !== hash) waiting.unanswered = null;
  return row?.["hash"] === hash;
};

const mayBeCommittedYet = (): Unavailable =>
  new Unavailable(
    "an append was not answered, and what keeps it from being committed now may end: it is not " +
      "known whether it is committed",
  );

/**
 * The outcome of an append that was not committed, or the error where that is not known; null when
 * it is to be tried again, since the conflict no longer exists.
 */
const toRefused = async (
  database: Database,
  waiting: Waiting,
  tried: Head,
): Promise<AppendOutcome | Unavailable | null> => {
  const { append, unanswered } = waiting;
  if (unanswered !== null && await isCommittedAfterAll(database, waiting)) {
    return toAppended(unanswered);
  }
  const heads = await headsOf(database, [append.organization]);
  const head = heads.get(append.organization) ?? EMPTY_HEAD;
  waiting.head = head;
  const earlier = await earlierOf(database, append);
  if (earlier !== null) return { outcome: "repeated", ...earlier };
  if (head.position !== tried.position || head.hash !== tried.hash) {
    // It was sent together with what it follows, which may be committed yet, and with it this.
    if (waiting.unanswered !== null && head.position < tried.position) return mayBeCommittedYet();
    if (append.expected !== "any") return { outcome: "conflict", head };
    waiting.unexplained = 0;
    return null;
  }
  const claim = await claimOf(database, append);
  // A lost statement may reach the database after that number was given back, and be committed
  // then.
  if (claim !== null && waiting.unanswered !== null) return mayBeCommittedYet();
  if (claim !== null) return { outcome: "claimed", claim };
  if (database.transaction !== undefined) await assertOwnRows(database);
  return null;
};

/** How often, at most, an append is refused without a reason that the log shows. */
const MAX_UNEXPLAINED = 10;
/** How often others may precede an append at any head. */
const MAX_REFUSALS = 1_000;

/** Throws where another attempt would have the same outcome as all those before. */
const assertProgress = (waiting: Waiting): void => {
  const { append: { organization }, refusals, unexplained } = waiting;
  if (unexplained < MAX_UNEXPLAINED && refusals < MAX_REFUSALS) return;
  throw new Error(
    `an append to the log of ${JSON.stringify(organization)} was refused ${refusals} times, ` +
      (unexplained < MAX_UNEXPLAINED ? "since its head never stood still" : "for no reason") +
      ": this is a bug of Ledgerline or of its database, please report it",
  );
};

/**
 * Settles an append that was not committed; gives what became of it, which is null when it is to be
 * tried again. It never throws, since the statement is done and must not be run again for the
 * others' sake.
 */
const refuse = async (
  database: Database,
  { waiting, prepared }: Ready,
): Promise<AppendOutcome["outcome"] | "failed" | null> => {
  try {
    waiting.refusals += 1;
    waiting.unexplained += 1;
    const outcome = await toRefused(database, waiting, prepared.expected);
    if (outcome === null) {
      assertProgress(waiting);
      return null;
    }
    if (outcome instanceof Unavailable) {
      waiting.fail(outcome);
      return "failed";
    }
    waiting.settle(outcome);
    return outcome.outcome;
  } catch (error) {
    if (isLost(error)) {
      lose([waiting], error);
      return null;
    }
    waiting.fail(error);
    return "failed";
  }
};

/**
 * Settles appends of one organization that were not committed, each at the head that the one before
 * leads to. Gives those to be tried again: where nothing keeps the first from being committed, half
 * of them at a time, so that those before the one that cannot be are.
 */
export const refuseChain = async (
  database: Database,
  chain: readonly Ready[],
): Promise<readonly Waiting[]> => {
  const [first, ...others] = chain;
  if (first === undefined) return [];
  const fate = await refuse(database, first);
  if (fate === null) {
    const waiting = chain.map((one) => one.waiting);
    if (first.waiting.lost === null) halve(waiting);
    return waiting;
  }
  const { expected } = first.prepared;
  const head = first.waiting.head ?? expected;
  // Where it will never be committed nothing is that was sent with it, answered or not.
  const isNever = fate === "repeated" || fate === "conflict" && head.position >= expected.position;
  if (isNever) { for (const { waiting } of others) waiting.unanswered = null; }
  const again = await Promise.all(others.map(async (one): Promise<boolean> => {
    const { waiting } = one;
    // It may be committed: what was sent before was not answered, or its command was given before.
    if (waiting.unanswered !== null || fate !== "appended" && waiting.append.command !== null) {
      return await refuse(database, one) === null;
    }
    if (fate === "appended") return true;
    waiting.settle({ outcome: "conflict", head });
    return false;
  }));
  return others.filter((_, place) => again[place]).map(({ waiting }) => waiting);
};
