import assert from "node:assert/strict";
import { EMPTY_HEAD } from "../../../../core/log/chain.ts";
import { eventsOf } from "../../../../core/log/pages.ts";
import type {
  Append,
  AppendOutcome,
  EventLog,
  Head,
  RecordedEvent,
  Row,
  RowChange,
  RowKey,
  WrittenRow,
} from "../../../../core/ports/mod.ts";
import type { E164 } from "../../../../core/values/e164.ts";
import { OPERATOR } from "../../../../core/values/identity.ts";

/** Gives the log that a suite's tests share; it is open while they run. */
export type TheLog = () => EventLog;

/** An organization that no other test uses. */
export const newOrganization = (prefix = "org"): string => `${prefix}-${crypto.randomUUID()}`;

/** A number that, in all likelihood, no other test uses. */
export const newNumber = (): E164 => {
  const [drawn = 0n] = crypto.getRandomValues(new BigUint64Array(1));
  return `+1${2_000_000_000n + drawn % 8_000_000_000n}`;
};

/** A moment that tests use where any would do: 2026-01-31T10:00:00Z. */
export const SOME_TIME = 1_769_853_600_000;

/** Rows to put, and rows to remove. */
export type Changing = {
  readonly rows?: readonly WrittenRow[] | undefined;
  readonly removed?: readonly RowKey[] | undefined;
  /** All rows of the kind that are below these are removed before that. */
  readonly below?: readonly RowKey[] | undefined;
};

/** The change that removes a row. */
export const remove = ({ kind, key }: RowKey): RowChange => ({ change: "remove", kind, key });

/** The change that puts a row. */
export const put = (row: WrittenRow): RowChange => ({ change: "put", ...row });

/** The changes that put and remove these. */
export const changesOf = (
  { rows = [], removed = [], below = [] }: Changing,
): readonly RowChange[] => [
  ...rows.map(put),
  ...removed.map(remove),
  ...below.map(({ kind, key }) => ({ change: "removeBelow", kind, key }) as const),
];

/** The least append to a new organization's log, with what the test is about put over it. */
export const appendTo = (
  organization: string,
  { rows, removed, below, ...more }: Partial<Omit<Append, "rows">> & Changing = {},
): Append => ({
  organization,
  expected: EMPTY_HEAD,
  at: SOME_TIME,
  actor: OPERATOR,
  command: null,
  events: [{ type: "Tested", version: 1, data: { organization } }],
  rows: changesOf({ rows, removed, below }),
  claims: [],
  free: [],
  ...more,
});

/** `count` events with distinct data. */
export const drafts = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ type: "Tested", version: 1, data: { index } }));

/** A row with nothing to do. */
export const rowOf = (key: string, data: unknown, kind = "number"): Row => ({
  kind,
  key,
  data,
  work: null,
});

/** Appends, and fails the test if the outcome is another than `appended`. */
export const appended = async (
  log: EventLog,
  append: Append,
): Promise<Extract<AppendOutcome, { outcome: "appended" }>> => {
  const outcome = await log.append(append);
  assert.equal(outcome.outcome, "appended");
  return outcome as Extract<AppendOutcome, { outcome: "appended" }>;
};

/** All events of an organization. */
export const eventsIn = async (
  log: EventLog,
  organization: string,
): Promise<readonly RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for await (const page of eventsOf(log, organization)) events.push(...page);
  return events;
};

/** The head of an organization. */
export const headOf = async (log: EventLog, organization: string): Promise<Head> =>
  (await log.load(organization, {})).head;

/** More conflicts than ever occur here: each is another append in between. */
const MAX_CONFLICTS = 1_000;

/** Appends again after each conflict, against the head that it gave, until it is not a conflict. */
export const appendUntilDone = async (log: EventLog, append: Append): Promise<AppendOutcome> => {
  let { expected } = append;
  for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
    const outcome = await log.append({ ...append, expected });
    if (outcome.outcome !== "conflict") return outcome;
    expected = outcome.head;
  }
  return assert.fail(`each of ${MAX_CONFLICTS} conflicts gave a head that is not the head`);
};
