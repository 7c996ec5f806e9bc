/** Answers that are kept in this process alone. */
import type { KeptAnswer, KeptAnswers, KeyedRequest } from "../../core/ports/mod.ts";
import type { Milliseconds } from "../../core/values/calendar.ts";
import { type AnswerBounds, BOUNDS, KEPT_MS, LEASE_MS, ROW_BYTES } from "./bounds.ts";

type Row = {
  readonly caller: string;
  readonly fingerprint: string;
  readonly until: Milliseconds;
  /** While the request is under way, its lease, and when that ends. */
  lease: string | null;
  leaseEnds: Milliseconds;
  answer: KeptAnswer | null;
  size: number;
};

/** The rows of one caller, the earliest first. */
type Share = { readonly ids: Set<string>; size: number };

/** How much is kept of all callers together. */
const MOST_BYTES = 64 * 1024 * 1024;

/** A few expired rows are dropped at each use, so that more leave than arrive. */
const PER_USE = 4;

// No key has a line break.
const idOf = ({ caller, key }: KeyedRequest): string => `${caller}\n${key}`;

/** Rows in the order in which they began, within their bounds. */
const openRows = ({ rows: mostRows, bytes }: AnswerBounds, mostBytes: number) => {
  const rows = new Map<string, Row>();
  const shares = new Map<string, Share>();
  let total = 0;

  const grow = (row: Row, share: Share, by: number): void => {
    row.size += by;
    share.size += by;
    total += by;
  };
  const drop = (id: string): void => {
    const row = rows.get(id);
    const share = row && shares.get(row.caller);
    if (row === undefined || share === undefined) return;
    grow(row, share, -row.size);
    rows.delete(id);
    share.ids.delete(id);
    if (share.ids.size === 0) shares.delete(row.caller);
  };
  const dropEarliest = ({ ids }: Share): void => {
    for (const id of ids) return drop(id);
  };
  const largest = (): Share | undefined => {
    let found: Share | undefined;
    for (const share of shares.values()) {
      if (found === undefined || share.size > found.size) found = share;
    }
    return found;
  };
  /** The caller's own bounds, then those of all: the caller with the most gives way. */
  const bound = (share: Share): void => {
    while (share.ids.size > mostRows || share.size > bytes) dropEarliest(share);
    for (let most; total > mostBytes && (most = largest()) !== undefined;) dropEarliest(most);
  };

  return {
    get: (id: string): Row | undefined => rows.get(id),
    drop,
    put: (id: string, row: Row): void => {
      drop(id);
      const share = shares.get(row.caller) ?? { ids: new Set(), size: 0 };
      shares.set(row.caller, share);
      rows.set(id, row);
      share.ids.add(id);
      grow(row, share, id.length + ROW_BYTES);
      bound(share);
    },
    answer: (row: Row, answer: KeptAnswer): void => {
      const share = shares.get(row.caller);
      if (share === undefined) return;
      row.answer = answer;
      grow(row, share, answer.body?.length ?? 0);
      bound(share);
    },
    dropExpired: (now: Milliseconds): void => {
      let dropped = 0;
      for (const [id, { until }] of rows) {
        if (until > now || dropped === PER_USE) return;
        drop(id);
        dropped += 1;
      }
    },
  };
};

/**
 * Answers kept in memory: for a server that is alone, and for programs that embed the HTTP
 * application. `now` returns milliseconds that only grow. Of each caller the latest 10,000 are
 * kept, in 16 MiB at most, and 64 MiB of all callers, where the one with the most gives way.
 *
 * @example
 * ```ts
 * import { createApp, openMemoryAnswers } from "ledgerline/http";
 *
 * const answers = openMemoryAnswers();
 * const app = createApp({ ledger, adminToken: null, answers });
 * ```
 */
export const openMemoryAnswers = (
  { now = () => performance.now(), bounds = BOUNDS, mostBytes = MOST_BYTES }: {
    readonly now?: (() => Milliseconds) | undefined;
    /** What is kept of one caller. */
    readonly bounds?: AnswerBounds | undefined;
    /** How much is kept of all callers. */
    readonly mostBytes?: number | undefined;
  } = {},
): KeptAnswers => {
  const rows = openRows(bounds, mostBytes);
  let leases = 0;
  /** The row of a request whose lease this still is. */
  const held = (request: KeyedRequest, lease: string): Row | undefined => {
    const row = rows.get(idOf(request));
    return row?.lease === lease ? row : undefined;
  };
  return {
    begin: async (request) => {
      const at = now();
      rows.dropExpired(at);
      const id = idOf(request);
      const { caller, fingerprint } = request;
      const row = rows.get(id);
      if (row !== undefined && row.until > at) {
        if (row.fingerprint !== fingerprint) return { state: "other" };
        if (row.answer !== null) return { state: "answered", answer: row.answer };
        if (row.lease !== null && row.leaseEnds > at) return { state: "underway" };
      }
      const lease = String(leases += 1);
      const leaseEnds = at + LEASE_MS;
      const until = at + KEPT_MS;
      rows.put(id, { caller, fingerprint, until, lease, leaseEnds, answer: null, size: 0 });
      return { state: "begun", lease };
    },
    renew: async (request, lease) => {
      const row = held(request, lease);
      if (row !== undefined) row.leaseEnds = now() + LEASE_MS;
    },
    keep: async (request, lease, answer) => {
      const row = held(request, lease);
      if (row === undefined) return;
      row.lease = null;
      if (answer !== null) rows.answer(row, answer);
    },
    free: async (request, lease) => {
      if (held(request, lease) !== undefined) rows.drop(idOf(request));
    },
  };
};
