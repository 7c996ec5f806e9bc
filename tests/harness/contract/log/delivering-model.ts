/** What is kept of deliveries, as a naive list of it would be, and steps that change it. */
import fc from "fast-check";
import type {
  AttemptFilter,
  AttemptPlace,
  DeliveryAttempt,
  DeliveryChange,
  DeliveryProgress,
  DueDelivery,
} from "../../../../core/ports/mod.ts";
import { compare } from "./listing-model.ts";

/** In code point order, which is neither that of UTF-16 nor that of words. */
export const ORGANIZATIONS = ["10", "9", "B", "a", "\uffee", "\u{1f469}"];
export const ENDPOINTS = ["wh_a", "wh_b"];
export const EVENTS = ["ev_1", "ev_2"];

/** The answers of hosts, and how much of each is kept. */
export const ANSWERS: readonly (readonly [given: string, kept: string])[] = [
  ["", ""],
  ["ok \u00e9 \u{1f469} \\ \" ' {} , null", "ok \u00e9 \u{1f469} \\ \" ' {} , null"],
  ["a\0b", "a\ufffdb"],
  ["\ud800 \udc00", "\ufffd \ufffd"],
  ["x".repeat(100_000), "x".repeat(500)],
  ["y".repeat(499) + "\u{1f469}", "y".repeat(499)],
  ["z".repeat(498) + "\u{1f469}", "z".repeat(498) + "\u{1f469}"],
];

/** Objects like those that are read. */
const PLAIN = { noNullPrototype: true };

const times = fc.constantFrom(0, 1, 2, 3, 1_769_853_600_000, Number.MAX_SAFE_INTEGER - 1);

const pending = fc.record({
  position: fc.constantFrom(1, 2, Number.MAX_SAFE_INTEGER),
  subject: fc.constantFrom("pn_1", "", '"\\'),
  attempts: fc.nat(9),
  dueAt: times,
  firstAt: times,
}, PLAIN);

const progress: fc.Arbitrary<DeliveryProgress> = fc.record({
  endpoint: fc.constantFrom(...ENDPOINTS),
  organization: fc.constantFrom(...ORGANIZATIONS),
  position: fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER),
  hash: fc.constantFrom("", "f".repeat(64)),
  pending: fc.array(pending, { maxLength: 3 }),
  blockedUntil: fc.option(times),
  failures: fc.constantFrom(0, 7, 2 ** 31 - 1),
  version: fc.constant(0),
}, PLAIN);

const attempts: fc.Arbitrary<DeliveryAttempt> = fc.record({
  id: fc.constantFrom("da_1", "da_2", "da_3"),
  endpoint: fc.constantFrom(...ENDPOINTS),
  organization: fc.constantFrom(...ORGANIZATIONS),
  position: fc.constantFrom(1, Number.MAX_SAFE_INTEGER),
  event: fc.constantFrom(...EVENTS),
  attempt: fc.constantFrom(1, 2 ** 31 - 1),
  at: times,
  status: fc.option(fc.constantFrom(200, 410, 599)),
  failure: fc.option(fc.constantFrom("status", "timeout")),
  ms: fc.constantFrom(0, 12, Number.MAX_SAFE_INTEGER),
  answer: fc.constantFrom(...ANSWERS.map(([given]) => given)),
}, PLAIN);

/** A change, and by how much the version that it names is wrong. */
const change = fc.record({
  progress: fc.option(progress, { freq: 4 }),
  attempts: fc.array(attempts, { maxLength: 2 }),
  off: fc.constantFrom(0, 0, 0, -1, 1),
});

type Drawn = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

/** What is done, one step after the other. */
export const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        step: fc.constant("record" as const),
        changes: fc.uniqueArray(change, {
          maxLength: 4,
          selector: ({ progress: one }) => one && `${one.endpoint} ${one.organization}`,
        }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        step: fc.constant("remove" as const),
        endpoint: fc.constantFrom(...ENDPOINTS),
        limit: fc.constantFrom(0, 1, 100),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        step: fc.constant("forget" as const),
        before: times,
        limit: fc.constantFrom(0, 1, 100),
      }),
    },
  ),
  { minLength: 1, maxLength: 8 },
);

const isOf = (one: DeliveryProgress) => (other: DeliveryProgress): boolean =>
  one.endpoint === other.endpoint && one.organization === other.organization;

/** How much of an answer is kept. */
export const keptOf = (answer: string): string =>
  ANSWERS.find(([given]) => given === answer)?.[1] ?? answer;

const byPlace = (a: DueDelivery, b: DueDelivery): number =>
  a.due - b.due || compare(a.endpoint, b.endpoint) || compare(a.organization, b.organization);

const byLatest = (a: AttemptPlace, b: AttemptPlace): number => b.at - a.at || compare(b.id, a.id);

const dueOf = ({ pending, blockedUntil }: DeliveryProgress): number | null =>
  pending.length === 0
    ? blockedUntil
    : Math.max(Math.min(...pending.map(({ dueAt }) => dueAt)), blockedUntil ?? 0);

/** A naive store of the same. */
export const openModel = () => {
  let all: DeliveryProgress[] = [];
  let tried: DeliveryAttempt[] = [];
  const versionOf = (one: DeliveryProgress): number => all.find(isOf(one))?.version ?? 0;

  const put = ({ progress: one, attempts: made }: DeliveryChange): boolean => {
    if (one !== null) {
      if (versionOf(one) !== one.version) return false;
      all = [...all.filter((other) => !isOf(one)(other)), { ...one, version: one.version + 1 }];
    }
    for (const attempt of made) {
      const isKnown = tried.some((other) =>
        other.id === attempt.id && other.at === attempt.at && other.endpoint === attempt.endpoint
      );
      if (!isKnown) tried.push({ ...attempt, answer: keptOf(attempt.answer) });
    }
    return true;
  };

  return {
    /** The changes with the versions that are to be given. */
    versioned: (drawn: readonly Drawn[]): readonly DeliveryChange[] =>
      drawn.map(({ progress: one, attempts: made, off }) => ({
        progress: one && { ...one, version: Math.max(0, versionOf(one) + off) },
        attempts: made,
      })),
    record: (changes: readonly DeliveryChange[]): readonly boolean[] => changes.map(put),
    /** Drops these, which the store has dropped. */
    removed: (isLeft: (one: DeliveryProgress) => boolean): void => {
      all = all.filter(isLeft);
    },
    forgotten: (isLeft: (one: DeliveryAttempt) => boolean): void => {
      tried = tried.filter(isLeft);
    },
    all: (): readonly DeliveryProgress[] => all,
    tried: (): readonly DeliveryAttempt[] => tried,
    progress: (endpoint: string): readonly DeliveryProgress[] =>
      all.filter((one) => one.endpoint === endpoint)
        .toSorted((a, b) => compare(a.organization, b.organization)),
    due: (until: number): readonly DueDelivery[] =>
      all.flatMap((one) => {
        const due = dueOf(one);
        const { endpoint, organization } = one;
        return due === null || due > until ? [] : [{ endpoint, organization, due }];
      }).toSorted(byPlace),
    attempts: (endpoint: string, { event, isDelivered }: AttemptFilter) =>
      tried.filter((one) =>
        one.endpoint === endpoint && (event ?? one.event) === one.event &&
        (isDelivered ?? one.failure === null) === (one.failure === null)
      ).toSorted(byLatest),
  };
};
