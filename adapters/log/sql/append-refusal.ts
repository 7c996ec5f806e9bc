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
import { lose, type Waiting } from "./pending-append.ts";

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
  return toEarlier(organization, await database.query(COMMAND, [organization, command.id]));
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

/**
 * The outcome of an append that was not committed; null when it is to be tried again, since the
 * conflict no longer exists.
 */
const toRefused = async (
  database: Database,
  waiting: Waiting,
  tried: Head,
): Promise<AppendOutcome | null> => {
  const { append, unanswered } = waiting;
  if (unanswered !== null && await isCommittedAfterAll(database, waiting)) {
    return toAppended(unanswered);
  }
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

const MAY_BE_COMMITTED_YET =
  "an append was not answered, and another has its number now: it is not known whether it is committed";

/**
 * Settles an append that was not committed; true when it is to be tried again. It never throws,
 * since the statement is done and must not be run again for the others' sake.
 */
export const refuse = async (
  database: Database,
  { waiting, prepared }: Ready,
): Promise<boolean> => {
  try {
    waiting.refusals += 1;
    waiting.unexplained += 1;
    const outcome = await toRefused(database, waiting, prepared.expected);
    if (outcome === null) assertProgress(waiting);
    // Its lost statement may reach the database after that number was given back, and be committed
    // then.
    const mayBeCommittedYet = outcome?.outcome === "claimed" && waiting.unanswered !== null;
    if (mayBeCommittedYet) waiting.fail(new Unavailable(MAY_BE_COMMITTED_YET));
    else if (outcome !== null) waiting.settle(outcome);
    return outcome === null;
  } catch (error) {
    if (isLost(error)) {
      lose([waiting], error);
      return true;
    }
    waiting.fail(error);
    return false;
  }
};
