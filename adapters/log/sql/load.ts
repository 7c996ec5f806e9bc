import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import type { Needs, Snapshot } from "../../../core/ports.ts";
import { inOrder } from "../parts.ts";
import type { Parameter, ResultRow } from "./database.ts";
import { text, toClaim, toEarlier, toHead, toRow } from "./records.ts";

/**
 * Every arm of the statement gives the same columns: `part` tells which arm, and the others are
 * named for what they hold, so that the rows can be read as those of any other statement.
 */
const COLUMNS = [
  "organization",
  "position",
  "hash",
  "kind",
  "key",
  "data",
  "automation",
  "due",
  "e164",
  "holder",
  "type",
  "version",
  "at",
  "actor",
  "command",
  "fingerprint",
];

const arm = (part: string, columns: Readonly<Record<string, string>>, from: string): string =>
  `select '${part}' as part, ${
    COLUMNS.map((name) => `${columns[name] ?? "null"}::text as ${name}`).join(", ")
  } from ${from}`;

const columnsOf = (alias: string, names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, `${alias}.${name}`]));

const ROW = columnsOf("s", ["kind", "key", "data", "automation", "due"]);
const CLAIM = columnsOf("c", ["e164", "organization", "holder"]);
const EVENT = columnsOf("e", [
  "position",
  "type",
  "version",
  "at",
  "actor",
  "command",
  "data",
  "hash",
  "fingerprint",
]);

type Statement = { readonly sql: string; readonly parameters: readonly Parameter[] };

/**
 * One statement that reads all that is needed of an organization, hence at one head. Only what is
 * needed is in its text: there are 16 texts in all.
 */
export const loadStatement = (organization: string, needs: Needs): Statement => {
  const parameters: Parameter[] = [organization];
  const take = (value: Parameter): string => `$${parameters.push(value)}`;
  const head = "ledgerline.head h where h.organization = $1";
  const arms = [arm("head", { position: "h.position", hash: "h.hash" }, head)];
  if (needs.rows !== undefined && needs.rows.length > 0) {
    const kinds = take(needs.rows.map(({ kind }) => kind));
    const keys = take(needs.rows.map(({ key }) => key));
    const named = `unnest(${kinds}::text[], ${keys}::text[]) as n(kind, key)
      join ledgerline.state s on s.organization = $1 and s.kind = n.kind and s.key = n.key`;
    arms.push(arm("row", ROW, named));
  }
  if (needs.kinds !== undefined && needs.kinds.length > 0) {
    const kinds = take(needs.kinds);
    const all = `ledgerline.state s where s.organization = $1 and s.kind = any(${kinds}::text[])`;
    arms.push(arm("row", ROW, all));
  }
  if (needs.claim !== undefined) {
    arms.push(arm("claim", CLAIM, `ledgerline.claim c where c.e164 = ${take(needs.claim)}`));
  }
  if (needs.command !== undefined) {
    const first = `ledgerline.event f join ledgerline.event e on e.organization = f.organization
      and e.position >= f.position and e.position < f.position + f.size
      where f.organization = $1 and f.command = ${take(needs.command)}
        and f.fingerprint is not null`;
    arms.push(arm("event", EVENT, first));
  }
  return { sql: arms.join("\nunion all\n"), parameters };
};

/** The snapshot that the rows of a load statement tell. */
export const toSnapshot = (organization: string, rows: readonly ResultRow[]): Snapshot => {
  const of = (part: string) => rows.filter((row) => text(row, "part") === part);
  const [head] = of("head");
  const [claim] = of("claim");
  const events = of("event").sort((a, b) => Number(a["position"]) - Number(b["position"]));
  return {
    head: head === undefined ? EMPTY_HEAD : toHead(head),
    rows: inOrder(of("row").map(toRow)),
    claim: claim === undefined ? null : toClaim(claim),
    command: toEarlier(organization, events),
  };
};
