/** The event log: part of `mod.ts`. */
import type { Instant } from "../values/calendar.ts";
import type { ClaimKey } from "../values/claim-key.ts";
import type { Actor } from "../values/identity.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Leases, WorkItem } from "./leases.ts";
import type { Row, RowChange, RowFilter, RowGroup, RowKey, RowPage, WrittenRow } from "./rows.ts";
import type { TokenUses } from "./token-uses.ts";

/** The end of an organization's log: its last position and hash; 0 and "" when it is empty. */
export type Head = { readonly position: number; readonly hash: string };

/** An event about to be appended: what happened, in the shape that `version` of its type has. */
export type EventDraft = {
  readonly type: string;
  readonly version: number;
  /**
   * A JSON value. What `eventsAbout` and `eventsBeginning` look for comes before any member that is
   * an object or a list.
   */
  readonly data: unknown;
};

/** An event as the log holds it. */
export type RecordedEvent = EventDraft & {
  readonly organization: string;
  /** 1, 2, 3 … within the organization, without gaps. */
  readonly position: number;
  readonly at: Instant;
  readonly actor: Actor;
  /** The id of its command, where the command had one. */
  readonly command: string | null;
  /** SHA-256 (hex) over the previous event's hash and this event; see `core/log/chain.ts`. */
  readonly hash: string;
};

/** The holder of what a key names; a key has at most one claim over all organizations. */
export type Claim = HeldClaim & { readonly organization: string };

/** A claim as one organization has it. */
export type HeldClaim = { readonly key: ClaimKey; readonly holder: string };

/** Some keys, or the first ones that are claimed behind `after` and before `below`. */
export type ClaimKeys = readonly ClaimKey[] | KeyRange;
/** Keys after one and below another, in code point order, at most so many. */
export type KeyRange = { readonly after: string; readonly below: string; readonly limit: number };

/** A claim with the rows that have its holder for a key. */
export type ClaimedRows = { readonly claim: Claim; readonly rows: readonly Row[] };

/** What a command wants to read before it is decided. */
export type Needs = {
  /** Single rows. */
  readonly rows?: readonly RowKey[] | undefined;
  /** All rows of these kinds. */
  readonly kinds?: readonly string[] | undefined;
  /** All rows of these groups. */
  readonly groups?: readonly RowGroup[] | undefined;
  /** The claims on these keys. */
  readonly claims?: readonly ClaimKey[] | undefined;
  /** The outcomes of the commands with these ids, as far as they were given before. */
  readonly commands?: readonly string[] | undefined;
};

/** One consistent view of an organization: all of it read at the same head. */
export type Snapshot = {
  readonly head: Head;
  readonly rows: readonly Row[];
  readonly claims: readonly Claim[];
  /** Each of those that were asked for and are known, once, in the order of their events. */
  readonly commands: readonly EarlierCommand[];
};

/** A page of a list, and how many rows the list has where that was asked for, read at one head. */
export type RowList = {
  readonly head: Head;
  readonly rows: readonly (Row & { readonly sort: number })[];
  readonly total: number | null;
};

/** A command that the log already has, with the events of the first time, which name it. */
export type EarlierCommand = {
  readonly fingerprint: string;
  readonly events: readonly RecordedEvent[];
};

/** All that one command changes; it is written as a whole or not at all. */
export type Append = {
  readonly organization: string;
  /** The head that was decided against; `any` for an event that decides nothing (a search). */
  readonly expected: Head | "any";
  readonly at: Instant;
  readonly actor: Actor;
  /** The command's id, with a fingerprint of its content; null when it cannot be repeated. */
  readonly command: { readonly id: string; readonly fingerprint: string } | null;
  /** At least one. */
  readonly events: readonly EventDraft[];
  readonly rows: readonly RowChange[];
  /** The keys that these events take, each once: all of them, or nothing is added. */
  readonly claims: readonly HeldClaim[];
  /** Claims of this organization that these events give back. */
  readonly free: readonly HeldClaim[];
};

/** The outcome of an append; only `appended` has changed anything. */
export type AppendOutcome =
  | {
    readonly outcome: "appended";
    readonly head: Head;
    readonly events: readonly RecordedEvent[];
  }
  /** The command's id is known: nothing was added; these are the events of the first time. */
  | ({ readonly outcome: "repeated" } & EarlierCommand)
  /** The head has moved on: nothing was added; load and decide again. */
  | { readonly outcome: "conflict"; readonly head: Head }
  /** Another holding has a key: nothing was added. This is the claim, or one of them. */
  | { readonly outcome: "claimed"; readonly claim: Claim };

/** A notification of an append. */
export type Appended = {
  /** To which logs; `many` where they are too many to be named. */
  readonly organizations: readonly string[] | "many";
  /** When the earliest work falls due that the rows written with it wait for; null if none does. */
  readonly due: Instant | null;
};

/** A place among all events: after the one at this position of this organization. */
export type Place = { readonly organization: string; readonly position: number };

/** How far the next rows include an organization's log, and its head by now. */
export type Lag = { readonly organization: string; readonly put: Head; readonly head: Head };

/** The rows and claims of an organization after its events from one head up to another. */
export type Advance = {
  readonly organization: string;
  /** The head up to which the organization was put before; position 0 the first time. */
  readonly from: Head;
  readonly head: Head;
  readonly rows: readonly RowChange[];
  readonly taken: readonly HeldClaim[];
  readonly freed: readonly HeldClaim[];
};

/** Rows and claims that are computed from the logs alone beside those in use, to replace them. */
export interface NextRows {
  /** Puts the results of further events; each organization once, from where it was put last. */
  put(advances: readonly Advance[]): Promise<void>;
  /** Those of the rows that were put. */
  rows(organization: string, keys: readonly RowKey[]): Promise<readonly Row[]>;
  /**
   * Organizations, by id, after `after`, at most `limit`, whose log has events that were not put.
   * Call it when most is put: from then on rows are indexed.
   */
  lags(after: string, limit: number): Promise<readonly Lag[]>;
  /** The log's own events; read so that appends which a swap keeps out do not block it. */
  readonly events: EventLog["events"];
  /**
   * Keeps appends out, lets `finish` put what is still missing, and replaces the rows in use with
   * the next rows atomically. It may have to allow appends again and start over, together with
   * `finish`. Rejects, and leaves what is in use, when two logs claim one key.
   */
  swap(finish: () => Promise<void>): Promise<void>;
}

/**
 * The event log, with the state rows that are computed from it. While it cannot be reached its
 * calls reject with `Unavailable` (`core/log/unavailable.ts`); whether an append was committed is
 * then unknown.
 */
export interface EventLog {
  /** Reads what a command needs, at one head. An unknown organization has an empty log. */
  load(organization: string, needs: Needs): Promise<Snapshot>;
  /**
   * Appends all or nothing: events, rows, claims and freed claims in one transaction. Appends of an
   * organization are taken in the order in which they are given: one may expect the head to which
   * another leads that has no outcome yet.
   */
  append(append: Append): Promise<AppendOutcome>;
  /**
   * A page of events after a position, in order: at most `limit`, and fewer where they are large,
   * but at least one if there are any and `limit` is not 0. So only an empty page is the end of the
   * log.
   */
  events(organization: string, after: number, limit: number): Promise<readonly RecordedEvent[]>;
  /**
   * The same of the events about a holding, found without reading the others: those whose data has
   * this text as its member `holding`.
   */
  eventsAbout(
    organization: string,
    holding: string,
    after: number,
    limit: number,
  ): Promise<readonly RecordedEvent[]>;
  /**
   * The same of the events with which organizations began to hold a number, over all of them, after
   * a place: those of a type with which a number begins (`core/number/facts.ts`), whose data has
   * this text as its member `e164`.
   */
  eventsBeginning(e164: string, after: Place, limit: number): Promise<readonly RecordedEvent[]>;
  /** The same of all organizations, after a place, one log after the other by id. */
  scan(after: Place, limit: number): Promise<readonly RecordedEvent[]>;
  /**
   * A page of the rows of a kind that an organization lists and that fit, by `sort` and then by key
   * in code point order.
   */
  list(organization: string, kind: string, filter: RowFilter, page: RowPage): Promise<RowList>;
  /** The row of this kind and key in whichever organization has it (for ids that we made). */
  find(
    kind: string,
    key: string,
  ): Promise<{ readonly organization: string; readonly row: Row } | null>;
  /**
   * Rows of a kind, whichever organizations have them (for ids that we made), or of the one that is
   * named: those whose keys are not below `from` and are below `below`, in code point order, the
   * last ones first, at most `limit`.
   */
  rowsOf(
    kind: string,
    keys: {
      readonly from: string;
      readonly below: string;
      readonly organization?: string | undefined;
    },
    limit: number,
  ): Promise<readonly { readonly organization: string; readonly row: Row }[]>;
  /**
   * The claims on keys, by key in code point order, each with those rows of its organization that
   * are of these kinds and have its holder for a key. It is all read at one moment.
   */
  claims(keys: ClaimKeys, kinds: readonly string[]): Promise<readonly ClaimedRows[]>;
  /**
   * Items due at or before `until`, the longest due first (then by organization, kind and key), at
   * most `limit`; those after `after` in that order, where it is given.
   */
  due(until: Instant, limit: number, after?: WorkItem): Promise<readonly WorkItem[]>;
  /** The earliest due time later than `after`, or null. */
  nextDue(after: Instant): Promise<Instant | null>;
  /**
   * The organizations that have a log, by id, after `after`, at most `limit`; each with its head.
   */
  heads(
    after: string,
    limit: number,
  ): Promise<readonly { readonly organization: string; readonly head: Head }[]>;
  /**
   * Replaces all rows and claims of an organization with these, if its head is still `expected`;
   * false (and nothing changed) if it is not.
   */
  replaceRows(
    organization: string,
    expected: Head,
    rows: readonly WrittenRow[],
    claims: readonly HeldClaim[],
  ): Promise<boolean>;
  /**
   * Rebuilds the rows and claims of all organizations with `work`, which swaps them in at its end,
   * while the log continues to serve. The remains of an interrupted rebuild are dropped. Rejects
   * when another one is under way.
   */
  rebuild<Value>(work: (next: NextRows) => Promise<Value>): Promise<Value>;
  /**
   * Notifies `listener`, which must not throw, soon after an append by this or another process,
   * until the returned function is called. A notification is only a hint: there may be too many,
   * and some may be lost with a connection, so poll from time to time as well.
   */
  watch(listener: (appended: Appended) => void): () => void;
  /** Missing where nobody asks when tokens were last used. */
  readonly tokenUses?: TokenUses | undefined;
  /** Missing where nothing is delivered to webhooks. */
  readonly deliveries?: Deliveries | undefined;
  /** Missing where no other process can be at the same work. */
  readonly leases?: Leases | undefined;
  /**
   * Missing where all that can be read can be written. Rejects with `Unavailable` while the log
   * knows that it takes no appends, such as on a full disk; it tries none.
   */
  readonly writable?: (() => Promise<void>) | undefined;
  /**
   * Missing where the log is in another process, so that this process runs while a call waits for
   * it.
   */
  readonly isEmbedded?: true | undefined;
  /**
   * Finishes what is under way and frees all it has. Later calls reject; closing again does
   * nothing.
   */
  close(): Promise<void>;
}
