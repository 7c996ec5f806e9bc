import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import type { Needs, RowKey, Snapshot } from "../../../core/ports.ts";
import { inOrder } from "../parts.ts";
import type { Parameter, ResultRow, Statement } from "./database.ts";
import { headOf } from "./statements.ts";
import { text, toClaim, toEarlier, toHead, toRow } from "./records.ts";

/** One part of the statement: which columns it gives, and from where. */
type Arm = {
  readonly part: "head" | "row" | "claim" | "event";
  readonly columns: readonly string[];
  readonly from: string;
};

const HEAD = ["position", "hash"];
const ROW = ["kind", "key", "data", "automation", "due"];
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

const rowArms = (needs: Needs, take: (value: Parameter) => string): readonly Arm[] => {
  const { rows = [], kinds = [] } = needs;
  const arms: Arm[] = [];
  const of = "ledgerline.state t where t.organization = $1 and t.kind =";
  if (rows.length > 0) {
    // Every kind with every key: an index takes that at once, and what is too much is left out later.
    const [ofKinds, keys] = [rows.map(({ kind }) => kind), rows.map(({ key }) => key)].map(take);
    const from = `${of} any(${ofKinds}::text[]) and t.key = any(${keys}::text[])`;
    arms.push({ part: "row", columns: ROW, from });
  }
  if (kinds.length > 0) {
    arms.push({ part: "row", columns: ROW, from: `${of} any(${take(kinds)}::text[])` });
  }
  return arms;
};

/**
 * One statement that reads all that is needed of an organization, hence at one head. Only what is
 * needed is in its text: there are 16 texts in all.
 */
export const loadStatement = (organization: string, needs: Needs): Statement => {
  const parameters: Parameter[] = [organization];
  const take = (value: Parameter): string => `$${parameters.push(value)}`;
  const head = `(${headOf("$1")}) t`;
  const arms: Arm[] = [{ part: "head", columns: HEAD, from: head }, ...rowArms(needs, take)];
  if (needs.claim !== undefined) {
    const from = `ledgerline.claim t where t.e164 = ${take(needs.claim)}`;
    arms.push({ part: "claim", columns: CLAIM, from });
  }
  if (needs.command !== undefined) {
    const from = `ledgerline.event f join ledgerline.event t on t.organization = f.organization
      and t.position >= f.position and t.position < f.position + f.size
      where f.organization = $1 and f.command = ${take(needs.command)}
        and f.fingerprint is not null`;
    arms.push({ part: "event", columns: [...EVENT, "fingerprint"], from });
  }
  return { sql: union(arms), parameters };
};

const isNeeded = (row: RowKey, { rows = [], kinds = [] }: Needs): boolean =>
  kinds.includes(row.kind) || rows.some(({ kind, key }) => kind === row.kind && key === row.key);

/** The snapshot that the rows of a load statement tell. */
export const toSnapshot = (
  organization: string,
  needs: Needs,
  rows: readonly ResultRow[],
): Snapshot => {
  const of = (part: string) => rows.filter((row) => text(row, "part") === part);
  const [head] = of("head");
  const [claim] = of("claim");
  const events = of("event").sort((a, b) => Number(a["position"]) - Number(b["position"]));
  return {
    head: head === undefined ? EMPTY_HEAD : toHead(head),
    rows: inOrder(of("row").map(toRow).filter((row) => isNeeded(row, needs))),
    claim: claim === undefined ? null : toClaim(claim),
    command: toEarlier(organization, events),
  };
};
