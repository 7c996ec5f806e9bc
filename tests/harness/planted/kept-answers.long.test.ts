/** The suite passes stores of answers that fulfil their port, and finds each that does not. */
import { describe } from "node:test";
import type { KeptAnswer, KeptAnswers, KeyedRequest } from "../../../core/ports/mod.ts";
import { HOUR_MS, SECOND_MS } from "../../../core/values/calendar.ts";
import { pause } from "../../support/pause.ts";
import { keptAnswersContract } from "../contract/kept-answers.ts";
import { findsOut, type Planted } from "./support.ts";

type Row = {
  readonly caller: string;
  readonly fingerprint: string;
  readonly begun: number;
  lease: string | null;
  renewed: number;
  answer: KeptAnswer | null;
};

/** The parts of a store, in which faults are planted. */
type Parts = {
  /** What a request is filed under. */
  readonly idOf: (request: KeyedRequest, server: number) => string;
  readonly isSame: (row: Row, request: KeyedRequest) => boolean;
  readonly lease_ms: number;
  readonly kept_ms: number;
  /** Whether a lease is still its holder's. */
  readonly holds: (row: Row, lease: string) => boolean;
  readonly returns: (answer: KeptAnswer) => KeptAnswer;
  /** What is left of a request that ended without an answer. */
  readonly ends: (row: Row) => Row | null;
  readonly renews: (row: Row, now: number) => void;
  readonly bounds: { readonly rows: number; readonly bytes: number };
  /** Which of a caller's rows gives way, of so many. */
  readonly leaves: (count: number) => number;
  /** What is done between looking and beginning. */
  readonly pauses: (() => Promise<void>) | null;
};

const BOUNDS = { rows: 20, bytes: 30_000 };

const GOOD: Parts = {
  idOf: ({ caller, key }) => JSON.stringify([caller, key]),
  isSame: ({ fingerprint }, request) => fingerprint === request.fingerprint,
  lease_ms: 10 * SECOND_MS,
  kept_ms: 25 * HOUR_MS,
  holds: (row, lease) => row.lease === lease,
  returns: (answer) => answer,
  ends: (row) => row,
  renews: (row, now) => void (row.renewed = now),
  bounds: BOUNDS,
  leaves: () => 0,
  pauses: null,
};

const bytesOf = ({ answer }: Row): number => 300 + (answer?.body?.length ?? 0);

const openStore = (
  parts: Parts,
  rows: Map<string, Row>,
  server: number,
  now: () => number,
): KeptAnswers => {
  let leases = 0;
  const held = (request: KeyedRequest, lease: string): Row | undefined => {
    const row = rows.get(parts.idOf(request, server));
    return row !== undefined && parts.holds(row, lease) ? row : undefined;
  };
  const trim = ({ caller }: KeyedRequest): void => {
    for (;;) {
      const own = [...rows].filter(([, row]) => row.caller === caller);
      const bytes = own.reduce((sum, [, row]) => sum + bytesOf(row), 0);
      if (own.length <= parts.bounds.rows && bytes <= parts.bounds.bytes) return;
      rows.delete(own[parts.leaves(own.length)]?.[0] ?? "");
    }
  };
  return {
    begin: async (request) => {
      const id = parts.idOf(request, server);
      const row = rows.get(id);
      if (row !== undefined && now() - row.begun < parts.kept_ms) {
        if (!parts.isSame(row, request)) return { state: "other" };
        if (row.answer !== null) return { state: "answered", answer: parts.returns(row.answer) };
        if (row.lease !== null && now() - row.renewed < parts.lease_ms) {
          return { state: "underway" };
        }
      }
      if (parts.pauses !== null) await parts.pauses();
      const lease = `${server}-${leases += 1}`;
      const { caller, fingerprint } = request;
      rows.delete(id);
      rows.set(id, { caller, fingerprint, begun: now(), lease, renewed: now(), answer: null });
      trim(request);
      return { state: "begun", lease };
    },
    renew: async (request, lease) => {
      const row = held(request, lease);
      if (row !== undefined) parts.renews(row, now());
    },
    keep: async (request, lease, answer) => {
      const row = held(request, lease);
      if (row === undefined) return;
      row.lease = null;
      row.answer = answer;
      if (answer === null && parts.ends(row) === null) rows.delete(parts.idOf(request, server));
      trim(request);
    },
    free: async (request, lease) => {
      if (held(request, lease) !== undefined) rows.delete(parts.idOf(request, server));
    },
  };
};

/** Two servers that share what they keep, and a clock. */
const openServers = (parts: Parts) => {
  let now = 0;
  const rows = new Map<string, Row>();
  const answers = [1, 2].map((server) => openStore(parts, rows, server, () => now));
  return { answers, advance: (ms: number) => void (now += ms), bounds: BOUNDS };
};

const STORES: Planted<Parts> = {
  "has one key for all callers": () => ({ idOf: ({ key }) => key }),
  "takes a caller and a key for one text": () => ({
    idOf: ({ caller, key }) => caller + key.trim(),
  }),
  "keeps answers of each server apart": () => ({
    idOf: ({ caller, key }, server) => JSON.stringify([caller, key, server]),
  }),
  "takes every request for the same": () => ({ isSame: () => true }),
  "takes another request for the same once the first is answered": () => ({
    isSame: ({ fingerprint, answer }, request) =>
      answer !== null || fingerprint === request.fingerprint,
  }),
  "gives an abandoned key to any request": () => ({
    isSame: ({ fingerprint, lease, answer }, request) =>
      (lease === null && answer === null) || fingerprint === request.fingerprint,
  }),
  "never ends a lease": () => ({ lease_ms: Infinity }),
  "ends leases immediately": () => ({ lease_ms: 1 }),
  "keeps answers for an hour": () => ({ kept_ms: HOUR_MS }),
  "keeps answers for ever": () => ({ kept_ms: Infinity }),
  "lets a lost lease act": () => ({ holds: ({ answer }) => answer === null }),
  "lets a lease act twice": () => ({ holds: () => true }),
  "renews nothing": () => ({ renews: () => {} }),
  "forgets the status": () => ({ returns: (answer) => ({ ...answer, status: 200 }) }),
  "forgets the headers": () => ({ returns: (answer) => ({ ...answer, headers: null }) }),
  "gives an empty body for none": () => ({
    returns: (answer) => ({ ...answer, body: answer.body ?? "" }),
  }),
  "frees the key of what ended without an answer": () => ({ ends: () => null }),
  "keeps all answers": () => ({ bounds: { rows: Infinity, bytes: Infinity } }),
  "keeps any number of answers": () => ({ bounds: { ...BOUNDS, rows: Infinity } }),
  "keeps any number of bytes": () => ({ bounds: { ...BOUNDS, bytes: Infinity } }),
  "keeps the earliest answers": () => ({ leaves: (count) => count - 1 }),
  "looks, and begins later": () => ({ pauses: () => pause(1, "others begin in it") }),
};

describe("the contract of kept answers", () => {
  findsOut(
    STORES,
    (runner, plant) => keptAnswersContract(runner, "planted", () => openServers(plant(GOOD))),
  );
});
