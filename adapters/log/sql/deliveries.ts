/** What is kept of deliveries to webhooks, in tables that several servers share. */
import type {
  Deliveries,
  DeliveryAttempt,
  DeliveryChange,
  DeliveryProgress,
} from "../../../core/ports/mod.ts";
import { checkChanges, dueOf, keptAnswer, newKey } from "../delivery-checks.ts";
import { type Database, isRace, type Parameter, type ResultRow } from "./database.ts";
import {
  ADD_KEY,
  ATTEMPTS,
  ATTEMPTS_OF_EVENT,
  DUE,
  FORGET,
  KEY,
  LOAD,
  NEXT_DUE,
  PAGE,
  RECORD,
  REMOVE,
} from "./delivery-statements.ts";
import { text, whole } from "./row-codec.ts";

type Queries = Pick<Database, "query">;

/** How often a statement is tried that the database refuses for a race: nothing was written. */
const TRIES = 3;

/** Before any place, and behind any. */
const FIRST = { due: -1, endpoint: "", organization: "" };
const LAST = { at: Number.MAX_SAFE_INTEGER, id: "" };

const numberOrNull = (value: string | null | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);

const toProgress = (row: ResultRow): DeliveryProgress => ({
  endpoint: text(row, "endpoint"),
  organization: text(row, "organization"),
  position: whole(row, "position"),
  hash: text(row, "hash"),
  pending: JSON.parse(text(row, "pending")),
  blockedUntil: numberOrNull(row["blocked"]),
  failures: whole(row, "failures"),
  version: whole(row, "version"),
});

const toAttempt = (row: ResultRow): DeliveryAttempt => ({
  id: text(row, "id"),
  endpoint: text(row, "endpoint"),
  organization: text(row, "organization"),
  position: whole(row, "position"),
  event: text(row, "event"),
  attempt: whole(row, "attempt"),
  at: whole(row, "at"),
  status: numberOrNull(row["status"]),
  failure: row["failure"] ?? null,
  ms: whole(row, "ms"),
  answer: text(row, "answer"),
});

const textOrNull = (value: number | null): string | null => value === null ? null : String(value);

/** A list of each column of the rows. */
const columns = (rows: readonly (readonly (string | null)[])[], count: number): Parameter[] =>
  Array.from({ length: count }, (_, column) => rows.map((row) => row[column] ?? null));

const progressColumns = (changes: readonly DeliveryChange[]): Parameter[] => {
  const rows = changes.flatMap(({ progress }, place) => {
    if (progress === null) return [];
    const { endpoint, organization, position, hash, pending, failures, version } = progress;
    return [[
      String(place),
      endpoint,
      organization,
      String(position),
      hash,
      JSON.stringify(pending),
      textOrNull(progress.blockedUntil),
      String(failures),
      String(version),
      textOrNull(dueOf(progress)),
    ]];
  });
  return columns(rows, 10);
};

const attemptColumns = (changes: readonly DeliveryChange[]): Parameter[] => {
  const rows = changes.flatMap(({ progress, attempts }, place) =>
    attempts.map((attempt) => [
      progress === null ? null : String(place),
      attempt.endpoint,
      String(attempt.at),
      attempt.id,
      attempt.organization,
      String(attempt.position),
      attempt.event,
      String(attempt.attempt),
      textOrNull(attempt.status),
      attempt.failure,
      String(attempt.ms),
      keptAnswer(attempt.answer),
    ])
  );
  return columns(rows, 12);
};

/** Only where a statement is refused for a race is it given again. */
const settled = async <Value>(work: () => Promise<Value>): Promise<Value> => {
  for (let tried = 1;; tried++) {
    try {
      return await work();
    } catch (error) {
      if (tried === TRIES || !isRace(error)) throw error;
    }
  }
};

const keyIn = async ({ query }: Queries): Promise<string> => {
  const [known] = await query(KEY, []);
  if (known !== undefined) return text(known, "key");
  // Another server may add one in this moment.
  await query(ADD_KEY, [newKey()]);
  const [added] = await query(KEY, []);
  return text(added ?? {}, "key");
};

const recordIn = async (
  { query }: Queries,
  changes: readonly DeliveryChange[],
): Promise<readonly boolean[]> => {
  checkChanges(changes);
  if (changes.length === 0) return [];
  const parameters = [...progressColumns(changes), ...attemptColumns(changes)];
  const rows = await settled(() => query(RECORD, parameters));
  const written = new Set(rows.map((row) => whole(row, "place")));
  return changes.map(({ progress }, place) => progress === null || written.has(place));
};

/** What is kept of deliveries in the database of a log. */
export const openDeliveries = (database: Queries): Deliveries => {
  const query: Queries["query"] = (...asked) => database.query(...asked);
  return {
    key: () => keyIn({ query }),
    load: async (keys) => {
      const asked = [
        keys.map(({ endpoint }) => endpoint),
        keys.map(({ organization }) => organization),
      ];
      return (await query(LOAD, asked)).map(toProgress);
    },
    progress: async (endpoint, after, limit) =>
      (await query(PAGE, [endpoint, after, limit])).map(toProgress),
    due: async (until, limit, { due, endpoint, organization } = FIRST) =>
      (await query(DUE, [until, limit, due, endpoint, organization])).map((row) => ({
        endpoint: text(row, "endpoint"),
        organization: text(row, "organization"),
        due: whole(row, "due"),
      })),
    nextDue: async (after) => {
      const [row] = await query(NEXT_DUE, [after]);
      return row === undefined ? null : whole(row, "due");
    },
    record: (changes) => recordIn({ query }, changes),
    attempts: async (endpoint, { event, isDelivered }, limit, { at, id } = LAST) => {
      const outcome = isDelivered === undefined ? "any" : isDelivered ? "delivered" : "failed";
      const asked = [endpoint, limit, at, id];
      const rows = event === undefined
        ? await query(ATTEMPTS[outcome], asked)
        : await query(ATTEMPTS_OF_EVENT[outcome], [...asked, event]);
      return rows.map(toAttempt);
    },
    remove: async (endpoint, limit) =>
      (await settled(() => query(REMOVE, [endpoint, limit]))).length,
    forget: async (before, limit) => (await query(FORGET, [before, limit])).length,
  };
};
