import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import type { Needs, Snapshot } from "../../../core/ports/mod.ts";
import { compareText, inOrder, rowName } from "../append-checks.ts";
import type { Parameter, ResultRow, Statement } from "./database.ts";
import { headOf } from "./statements.ts";
import { text, toClaim, toEarlier, toHead, toRow } from "./row-codec.ts";

/** One part of the statement: which columns it gives, and from where. */
type Arm = {
  readonly part: "head" | "row" | "claim" | "event";
  readonly columns: readonly string[];
  readonly from: string;
};

const HEAD = ["position", "hash"];
const ROW = ["kind", "key", "data", "automation", "due"];
const GROUPED = [...ROW, "grp"];
const CLAIM = ["e164", "organization", "holder"];
const EVENT = ["position", "type", "version", "at", "actor", "command", "data", "hash"];

// All arms give the same columns, named for what they hold and NULL where an arm has no such thing,
// so that a row is read like one of any other statement.
const union = (arms: readonly Arm[]): string => {
  const names = [...new Set(arms.flatMap(({ columns }) => columns))];
  return arms.map(({ part, columns, from }) => {
    const values = names.map((name) => `${columns.includes(name) ? `t.${name}` : "null"}::text`);
    const named = values.map((value, index) => `${value} as ${names[index]}`);
    return `select '${part}' as part, ${named.join(", ")} from ${from}`;
  }).join("\nunion all\n");
};

/** More claims than these are one parameter, however many: several commands ask for them. */
const MAX_SINGLE = 8;

/** What a load reads besides the head, and thereby what its text has in it. */
type Sort = {
  readonly rows: boolean;
  readonly kinds: boolean;
  readonly groups: boolean;
  /** How many; one more than `MAX_SINGLE` stands for any number above it. */
  readonly claims: number;
  readonly commands: boolean;
};

/** The text of the statement; its parameters come in the order of the sort's parts. */
const toText = ({ rows, kinds, groups, claims, commands }: Sort): string => {
  let taken = 1;
  const take = (): string => `$${taken += 1}`;
  const arms: Arm[] = [{ part: "head", columns: HEAD, from: `(${headOf("$1")}) t` }];
  const of = "ledgerline.state t where t.organization = $1 and t.kind =";
  if (rows) {
    // Every kind with every key: an index takes that in one scan, and what is too much is left out
    // later.
    const from = `${of} any(${take()}::text[]) and t.key = any(${take()}::text[])`;
    arms.push({ part: "row", columns: ROW, from });
  }
  if (kinds) arms.push({ part: "row", columns: ROW, from: `${of} any(${take()}::text[])` });
  if (groups) {
    // Each group for itself, by the index of groups: for any of some, all of a kind are read.
    const from = `unnest(${take()}::text[], ${take()}::text[]) g(kind, grp)
      cross join lateral (
        select * from ledgerline.state s
        where s.organization = $1 and s.kind = g.kind and s.grp = g.grp offset 0
      ) t`;
    arms.push({ part: "row", columns: GROUPED, from });
  }
  if (claims > 0) {
    const keys = claims > MAX_SINGLE
      ? `any(${take()}::text[])`
      : Array.from({ length: claims }, take).join(", ");
    const is = claims === 1 || claims > MAX_SINGLE ? `= ${keys}` : `in (${keys})`;
    const from = `ledgerline.claim t where t.e164 ${is}`;
    arms.push({ part: "claim", columns: CLAIM, from });
  }
  if (commands) {
    const from = `ledgerline.event f join ledgerline.event t on t.organization = f.organization
      and t.position >= f.position and t.position < f.position + f.size
      where f.organization = $1 and f.command = any(${take()}::text[])
        and f.fingerprint is not null`;
    arms.push({ part: "event", columns: [...EVENT, "fingerprint"], from });
  }
  return union(arms);
};

const texts = new Map<string, string>();

/**
 * One statement that reads all that is needed of an organization, hence at one head. Only what is
 * needed is in its text: there are 16 texts for each number of claims up to 8, and for more.
 */
export const loadStatement = (organization: string, needs: Needs): Statement => {
  const { rows = [], kinds = [], groups = [], claims = [], commands = [] } = needs;
  const parameters: Parameter[] = [organization];
  if (rows.length > 0) parameters.push(rows.map(({ kind }) => kind), rows.map(({ key }) => key));
  if (kinds.length > 0) parameters.push(kinds);
  if (groups.length > 0) {
    parameters.push(groups.map(({ kind }) => kind), groups.map(({ group }) => group));
  }
  if (claims.length > MAX_SINGLE) parameters.push(claims);
  else parameters.push(...claims);
  if (commands.length > 0) parameters.push(commands);
  const sort = {
    rows: rows.length > 0,
    kinds: kinds.length > 0,
    groups: groups.length > 0,
    claims: Math.min(claims.length, MAX_SINGLE + 1),
    commands: commands.length > 0,
  };
  const name = Object.values(sort).join();
  const sql = texts.get(name) ?? toText(sort);
  texts.set(name, sql);
  return { sql, parameters };
};

/** Tells which of the rows of a load are needed. */
const neededIn = ({ rows = [], kinds = [], groups = [] }: Needs) => {
  const named = new Set(rows.map(rowName));
  return (row: ResultRow): boolean => {
    const kind = text(row, "kind");
    const group = row["grp"] ?? null;
    return group === null
      ? kinds.includes(kind) || named.has(rowName({ kind, key: text(row, "key") }))
      : groups.some((one) => one.kind === kind && one.group === group);
  };
};

/** The snapshot that the rows of a load statement give. */
export const toSnapshot = (
  organization: string,
  needs: Needs,
  rows: readonly ResultRow[],
): Snapshot => {
  const of = (part: string) => rows.filter((row) => text(row, "part") === part);
  const [head] = of("head");
  const events = of("event").sort((a, b) => Number(a["position"]) - Number(b["position"]));
  return {
    head: head === undefined ? EMPTY_HEAD : toHead(head),
    rows: inOrder(of("row").filter(neededIn(needs)).map(toRow)),
    claims: of("claim").map(toClaim).sort((a, b) => compareText(a.key, b.key)),
    commands: toEarlier(organization, events),
  };
};
