import type { Claim, Head, Needs, Row, RowChange, Snapshot, Work } from "../ports/mod.ts";
import type { ClaimKey } from "../values/claim-key.ts";
import type { Automation } from "../values/identity.ts";
import { EMPTY_HEAD } from "./chain.ts";
import type { EventType, Fact, FactOf } from "../events/vocabulary.ts";

/** What a row waits for: an automation that there is. */
export type AutomationWork = Work & { readonly automation: Automation };

/**
 * A subject: one kind of entity in the log. It says which of its rows the events of its `Type`
 * touch, how such an event changes a row, and what work a row still waits for. With no `Type` it is
 * a subject whose rows are read, whatever changes them.
 */
export type Subject<Data, Type extends EventType = never> = {
  readonly kind: string;
  /** For each type of event that touches its rows, the keys of those that an event touches. */
  readonly keys: { readonly [One in Type]: (event: FactOf<One>) => readonly string[] };
  /** The row after the event; undefined when the row was deleted (or never existed). */
  evolve(row: Data | undefined, event: FactOf<Type>, key: string): Data | undefined;
  /** The key below which an event removes all rows, before it touches others; undefined: none. */
  readonly below?: { of(event: FactOf<Type>): string | undefined }["of"] | undefined;
  readonly work?: { of(row: Data): AutomationWork | null }["of"] | undefined;
  /** The group that a row belongs to, or null; missing where its rows are in none. */
  readonly group?: { of(row: Data): string | null }["of"] | undefined;
};

/** A subject of any row type, for lists of them. */
export type AnySubject = Subject<unknown>;

/** The keys of a subject's rows that an event touches; none where it is not of its types. */
export const keysOf = ({ keys }: AnySubject, event: Fact): readonly string[] => {
  // Each type of event is paired with a function of just that event.
  const all = keys as Readonly<Record<string, (event: Fact) => readonly string[]>>;
  return all[event.type]?.(event) ?? [];
};

const label = (kind: string, key: string): string => `${kind}\n${key}`;
/** Stands for all rows of a group; no row has such a key. */
const keyOf = (group: string): string => `\n${group}`;

const unasked = (what: string): Error =>
  new Error(`A decision reads ${what} without having asked for it`);

/**
 * What a decision may read: the rows of one organization that were asked for, all at one head.
 * Reading a row that was not asked for is a bug and throws, so that no decision rests on a gap.
 */
export class State {
  readonly head: Head;
  readonly #claims: ReadonlyMap<ClaimKey, Claim | null> | "everything";
  readonly #rows = new Map<string, Map<string, unknown>>();
  readonly #asked: ReadonlySet<string> | "everything";
  readonly #touched = new Map<string, Set<string>>();
  readonly #below = new Map<string, string>();

  private constructor(
    head: Head,
    claims: ReadonlyMap<ClaimKey, Claim | null> | "everything",
    rows: readonly Row[],
    asked: ReadonlySet<string> | "everything",
  ) {
    this.head = head;
    this.#claims = claims;
    this.#asked = asked;
    for (const row of rows) this.#kind(row.kind).set(row.key, row.data);
  }

  /** The state that a snapshot shows, limited to what was asked for. */
  static of({ head, rows, claims }: Omit<Snapshot, "commands">, needs: Needs): State {
    const asked = new Set(needs.kinds);
    for (const { kind, key } of needs.rows ?? []) asked.add(label(kind, key));
    for (const { kind, group } of needs.groups ?? []) asked.add(label(kind, keyOf(group)));
    // A row of a group may also be read alone.
    for (const { kind, key } of rows) if (!asked.has(kind)) asked.add(label(kind, key));
    const held = new Map<ClaimKey, Claim | null>();
    for (const key of needs.claims ?? []) held.set(key, null);
    for (const claim of claims) held.set(claim.key, claim);
    return new State(head, held, rows, asked);
  }

  /** The state of an organization of which nothing has happened yet; every row may be read. */
  static empty(): State {
    return new State(EMPTY_HEAD, "everything", [], "everything");
  }

  /** Whether all of these were asked for already. */
  covers({ rows = [], kinds = [], groups = [], claims = [] }: Needs): boolean {
    const asked = this.#asked;
    return asked === "everything" ||
      kinds.every((kind) => asked.has(kind)) &&
        groups.every(({ kind, group }) => this.#coversRow(kind, keyOf(group))) &&
        claims.every((key) => this.asksFor(key)) &&
        rows.every(({ kind, key }) => this.#coversRow(kind, key));
  }

  /** The claim on a key, or null when there is none. */
  claimOn(key: ClaimKey): Claim | null {
    if (this.#claims === "everything") return null;
    const claim = this.#claims.get(key);
    if (claim !== undefined) return claim;
    throw unasked(`the claim on ${key}`);
  }

  /** Whether the claim on a key was asked for. */
  asksFor(key: ClaimKey): boolean {
    return this.#claims === "everything" || this.#claims.has(key);
  }

  /** All claims that were asked for and have a holder. */
  get claims(): readonly Claim[] {
    return this.#claims === "everything" ? [] : [...this.#claims.values()].flatMap((c) => c ?? []);
  }

  /** The row of this key, or undefined when there is none. */
  get<Data>(subject: Subject<Data>, key: string): Data | undefined {
    this.#demand(subject.kind, key);
    // The subject of a kind is the only writer of its rows, so they have its type.
    return this.#rows.get(subject.kind)?.get(key) as Data | undefined;
  }

  /** All rows of a subject, by key. */
  all<Data>(subject: Subject<Data>): readonly Data[] {
    if (!this.covers({ kinds: [subject.kind] })) {
      throw unasked(`all of ${subject.kind}`);
    }
    return [...this.#kind(subject.kind).values()] as Data[];
  }

  /** The rows of a subject that are in a group, by key. */
  inGroup<Data>(subject: Subject<Data>, group: string): readonly Data[] {
    const { kind } = subject;
    this.#demand(kind, keyOf(group));
    const rows = [...this.#kind(kind).values()] as Data[];
    return rows.filter((row) => subject.group?.(row) === group);
  }

  /** This state once what was folded into it is appended: at the new head, with nothing touched. */
  after(head: Head, taken: readonly Claim[], freed: readonly ClaimKey[]): State {
    const claims = this.#claims === "everything" ? this.#claims : new Map(
      [...this.#claims].map(([key, held]) => [
        key,
        taken.find((claim) => claim.key === key) ?? (freed.includes(key) ? null : held),
      ]),
    );
    const next = new State(head, claims, [], this.#asked);
    for (const [kind, rows] of this.#rows) next.#rows.set(kind, new Map(rows));
    return next;
  }

  /** Folds one event into the rows that it touches, of these subjects. */
  apply(subjects: readonly AnySubject[], event: Fact): void {
    for (const subject of subjects) {
      // An event that touches rows of the subject is one that it folds.
      if (event.type in subject.keys) this.#removeBelow(subject, subject.below?.(event as never));
      const keys = keysOf(subject, event);
      if (keys.length === 0) continue;
      const rows = this.#kind(subject.kind);
      const touched = this.#touchedOf(subject.kind);
      for (const key of keys) {
        this.#demand(subject.kind, key);
        const row = rows.get(key);
        const next = subject.evolve(row, event as never, key);
        if (next === undefined) rows.delete(key);
        else if (next !== row) rows.set(key, next);
        touched.add(key);
      }
    }
  }

  /** What the folded events changed: the rows to put, and those to remove. */
  changes(subjects: readonly AnySubject[]): readonly RowChange[] {
    return subjects.flatMap((subject) => {
      const { kind } = subject;
      const below = this.#below.get(kind);
      const touched = [...this.#touched.get(kind) ?? []].map((key): RowChange => {
        const data = this.#kind(kind).get(key);
        return data === undefined
          ? { change: "remove", kind, key }
          : { change: "put", kind, key, data, work: subject.work?.(data) ?? null };
      });
      return below === undefined
        ? touched
        : [{ change: "removeBelow", kind, key: below } as const, ...touched];
    });
  }

  #removeBelow({ kind }: AnySubject, below: string | undefined): void {
    if (below === undefined) return;
    // Rows that no event is to find again: their keys are not even to be noted as touched.
    for (const list of [this.#kind(kind), this.#touchedOf(kind)]) {
      for (const key of list.keys()) if (key < below) list.delete(key);
    }
    if (below > (this.#below.get(kind) ?? "")) this.#below.set(kind, below);
  }

  #demand(kind: string, key: string): void {
    if (this.#coversRow(kind, key)) return;
    throw unasked(`${kind} ${key}`);
  }

  #coversRow(kind: string, key: string): boolean {
    const asked = this.#asked;
    return asked === "everything" || asked.has(kind) || asked.has(label(kind, key));
  }

  #touchedOf(kind: string): Set<string> {
    let keys = this.#touched.get(kind);
    if (keys === undefined) this.#touched.set(kind, keys = new Set());
    return keys;
  }

  #kind(kind: string): Map<string, unknown> {
    let rows = this.#rows.get(kind);
    if (rows === undefined) this.#rows.set(kind, rows = new Map());
    return rows;
  }
}
