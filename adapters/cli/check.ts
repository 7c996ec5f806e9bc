/** Compares every row and claim with the log that it was computed from. */
import { messageOf } from "../../core/values/error-message.ts";
import { isJsonObject } from "../../core/values/text.ts";
import { EMPTY_HEAD, verifyChain } from "../../core/log/chain.ts";
import { claimsHeld } from "../../core/registry/claims.ts";
import { toFact } from "../../core/events/vocabulary.ts";
import { eventsOf, organizationsOf } from "../../core/log/pages.ts";
import { State } from "../../core/log/state.ts";
import { Unavailable } from "../../core/log/unavailable.ts";
import type { EventLog, Head, WrittenRow } from "../../core/ports/mod.ts";
import { openWrittenRows, rowsPut } from "../ledger/engine/written-rows.ts";
import { digest } from "../log/digest.ts";
import type { Audit, Kept, StoredRow } from "../log/sql/audit.ts";

/** A difference from what the log says. */
export type Difference = {
  readonly organization: string;
  /**
   * `added`: there, and no event leads to it. `missing`: not there. `log`: the log itself. `event`:
   * what an event says beside what is hashed. A rebuild does not repair the last two.
   */
  readonly how: "added" | "missing" | "changed" | "log" | "event";
  /**
   * The row's kind, or `claim`, or `listed` for how many rows have the same tags; empty for the
   * log. The key of an event is its position.
   */
  readonly kind: string;
  readonly key: string;
  /**
   * What differs of it: names of fields, never their values, which may be secret; else a sentence.
   */
  readonly what: readonly string[];
};

/** How much was looked at. */
export type Checked = { readonly organizations: number; readonly rows: number };

type OnDifference = (difference: Difference) => Promise<void>;

/** Whether two JSON values are the same, whatever the order of their keys. */
const isSame = (a: unknown, b: unknown): boolean => {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  const [left, right] = [a, b] as Readonly<Record<string, unknown>>[];
  return keys.length === others.length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(left?.[key], right?.[key]));
};

/** The names of the fields in which two values differ. */
const fieldsOf = (stored: unknown, wanted: unknown): readonly string[] => {
  if (isSame(stored, wanted)) return [];
  if (!isJsonObject(stored) || !isJsonObject(wanted)) return ["data"];
  const names = new Set([...Object.keys(stored), ...Object.keys(wanted)]);
  return [...names].filter((name) =>
    Object.hasOwn(stored, name) !== Object.hasOwn(wanted, name) ||
    !isSame(stored[name], wanted[name])
  );
};

const parsed = (data: string): unknown => {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
};

/** What differs of a row: fields of its data, what it waits for, and how it is listed. */
const rowDiffers = (stored: StoredRow, { data, work, listing }: WrittenRow): readonly string[] => [
  // As it would be read again: a field that is undefined is not written.
  ...fieldsOf(parsed(stored.data), JSON.parse(JSON.stringify(data))),
  ...(stored.automation === (work?.automation ?? null) ? [] : ["(automation)"]),
  ...(stored.due === (work?.due ?? null) ? [] : ["(due)"]),
  // No texts are stored as none.
  ...(isSame(stored.listing, listing === undefined ? null : { texts: [], ...listing })
    ? []
    : ["(listing)"]),
];

const nameOf = ({ kind, key }: { readonly kind: string; readonly key: string }): string =>
  JSON.stringify([kind, key]);

async function* differences(
  organization: string,
  { rows, claims, miscounted }: Kept,
  { state, changes }: Followed["written"],
): AsyncGenerator<Difference> {
  const wanted = new Map(rowsPut(changes()).map((row) => [nameOf(row), row]));
  for (const stored of rows) {
    const { kind, key } = stored;
    const row = wanted.get(nameOf(stored));
    wanted.delete(nameOf(stored));
    const what = row === undefined ? [] : rowDiffers(stored, row);
    if (row === undefined) yield { organization, how: "added", kind, key, what };
    else if (what.length > 0) yield { organization, how: "changed", kind, key, what };
  }
  for (const { kind, key } of wanted.values()) {
    yield { organization, how: "missing", kind, key, what: [] };
  }
  const held = new Map<string, string>(claimsHeld(state).map(({ key, holder }) => [key, holder]));
  for (const { key, holder } of claims) {
    const kind = "claim";
    const ours = held.get(key);
    held.delete(key);
    if (ours === undefined) yield { organization, how: "added", kind, key, what: [] };
    else if (ours !== holder) {
      yield { organization, how: "changed", kind, key, what: ["holder"] };
    }
  }
  for (const key of held.keys()) {
    yield { organization, how: "missing", kind: "claim", key, what: [] };
  }
  for (const { kind, tags } of miscounted) {
    const key = `${kind} ${tags.trim().replaceAll("\n", " ")}`;
    yield { organization, how: "changed", kind: "listed", key, what: ["count"] };
  }
}

/**
 * What the log up to a head computes to, and how many events each command has, by its first one.
 */
type Followed = {
  readonly written: ReturnType<typeof openWrittenRows>;
  readonly sizes: ReadonlyMap<number, number>;
};

/** Follows the log as far as this head; else gives why it does not lead there. */
const followTo = async (
  log: Pick<EventLog, "events">,
  organization: string,
  head: Head,
): Promise<Followed | string> => {
  const written = openWrittenRows(State.empty());
  const sizes = new Map<number, number>();
  let at = EMPTY_HEAD;
  let [command, first] = [null as string | null, 0];
  if (head.position === 0) return { written, sizes };
  try {
    for await (const page of eventsOf(log, organization)) {
      const events = page.filter(({ position }) => position <= head.position);
      const next = verifyChain(events, at, digest);
      if (!next.ok) return next.error.why;
      at = next.value;
      for (const event of events) {
        written.fold(toFact(event), event.position);
        if (event.command !== command) [command, first] = [event.command, event.position];
        if (command !== null) sizes.set(first, event.position - first + 1);
      }
      if (at.position === head.position) break;
    }
  } catch (error) {
    // What the database refuses is not a difference; an event that cannot be read or folded is one.
    const isOfDatabase = error instanceof Unavailable || error instanceof Error && "code" in error;
    if (isOfDatabase) throw error;
    return messageOf(error);
  }
  if (at.position === head.position && at.hash === head.hash) return { written, sizes };
  return `it ended at position ${head.position}, and ends at ${at.position} now`;
};

/** Events whose command is not marked as their log has it. */
async function* marksOff(
  audit: Audit,
  organization: string,
  head: Head,
  sizes: ReadonlyMap<number, number>,
): AsyncGenerator<Difference> {
  const unmet = new Map(sizes);
  const how = "event";
  for (const { position, size, isNamed } of await audit.marks(organization, head.position)) {
    const wanted = unmet.get(position) ?? null;
    unmet.delete(position);
    const what = [
      ...(size === wanted ? [] : ["size"]),
      ...(isNamed === (wanted !== null) ? [] : ["fingerprint"]),
    ];
    if (what.length > 0) yield { organization, how, kind: "", key: String(position), what };
  }
  for (const position of unmet.keys()) {
    const what = ["size", "fingerprint"];
    yield { organization, how, kind: "", key: String(position), what };
  }
}

const checkOne = async (
  log: Pick<EventLog, "events">,
  audit: Audit,
  organization: string,
  onDifference: OnDifference,
): Promise<number> => {
  const kept = await audit.kept(organization);
  const followed = await followTo(log, organization, kept.head);
  if (typeof followed === "string") {
    await onDifference({ organization, how: "log", kind: "", key: "", what: [followed] });
  } else {
    const { written, sizes } = followed;
    for await (const one of differences(organization, kept, written)) await onDifference(one);
    for await (const one of marksOff(audit, organization, kept.head, sizes)) {
      await onDifference(one);
    }
  }
  return kept.rows.length + kept.claims.length;
};

const PAGE = 1_000;

async function* strayOrganizations(audit: Audit): AsyncGenerator<string> {
  let last = "";
  for (;;) {
    const page = await audit.strays(last, PAGE);
    yield* page;
    const end = page[page.length - 1];
    if (end === undefined || end <= last) return;
    last = end;
  }
}

async function* everybody(log: EventLog, audit: Audit): AsyncGenerator<string> {
  yield* organizationsOf(log);
  yield* strayOrganizations(audit);
}

/**
 * Compares every row and claim, of one organization or of all, with what the log leads to, and the
 * hash chain with itself; those of an organization that has no log too. `onDifference` is called
 * with each difference as it is found. Servers may be at work meanwhile: an organization is
 * compared at one head. As much is in memory as one organization has.
 */
export const checkRows = async (
  log: EventLog,
  audit: Audit,
  organization: string | undefined,
  onDifference: OnDifference,
): Promise<Checked> => {
  let [organizations, rows] = [0, 0];
  const all = organization === undefined ? everybody(log, audit) : [organization];
  for await (const one of all) {
    rows += await checkOne(log, audit, one, onDifference);
    organizations += 1;
  }
  return { organizations, rows };
};
