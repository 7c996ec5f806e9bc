/** What users and operators may do through the ledger, and what may happen around it. */
import fc from "fast-check";
import type { Instant } from "../../core/values/calendar.ts";
import {
  ASSISTANTS,
  attestedContent,
  credits,
  draftContent,
  e164,
  jsonObject,
  oddText,
  pause,
  PLANS,
  routingChange,
  start,
} from "../harness/arbitraries/contents.ts";
import { FAIR, type Weather } from "./scripted-ports.ts";

export const ORGANIZATIONS = ["acme", "umbrella", "initech"] as const;

const just = <const Value>(value: Value) => fc.constant(value);
const does = <const Does extends string, Rest extends object>(
  name: Does,
  rest: { readonly [Key in keyof Rest]: fc.Arbitrary<Rest[Key]> },
) =>
  // fc.record forgets, of a generic shape, that all of its keys are there.
  fc.record({ does: just(name), by: fc.constantFrom(...ORGANIZATIONS), ...rest }) as fc.Arbitrary<
    Rest & { readonly does: Does; readonly by: string }
  >;

/** An index of an existing item, modulo their number. */
const pick = fc.nat(7);

const oneOf = <const Value>(...values: readonly Value[]) => fc.constantFrom(...values);

/** Fair except for one thing; or everything at the same time. */
const bad = fc.record({
  order: oneOf(
    "waits",
    "reviews",
    "refuses",
    "soldInBetween",
    "unreachable",
    "answerLost",
    "orderLost",
    "takenLate",
    "seenLate",
    "throws",
  ),
  lookUp: oneOf("unreachable", "unknown", "throws"),
  cancel: oneOf("stays", "unknown", "answerLost", "throws"),
  release: oneOf("fails", "answerLost", "throws"),
  route: oneOf("fails", "answerLost", "takenLate", "throws"),
  payment: oneOf("declined", "unknown", "answerLost", "throws"),
  refund: oneOf("unknown", "answerLost", "throws"),
  notice: oneOf("fails"),
});
const weather: fc.Arbitrary<Weather> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(FAIR) },
  { weight: 5, arbitrary: bad.map(({ order }) => ({ ...FAIR, order })) },
  { weight: 4, arbitrary: bad.map(({ payment }) => ({ ...FAIR, payment })) },
  { weight: 2, arbitrary: bad.map(({ release }) => ({ ...FAIR, release })) },
  { weight: 2, arbitrary: bad.map(({ route, payment }) => ({ ...FAIR, route, payment })) },
  { weight: 2, arbitrary: bad.map(({ route }) => ({ ...FAIR, route })) },
  { weight: 2, arbitrary: bad.map(({ order, refund }) => ({ ...FAIR, order, refund })) },
  { weight: 2, arbitrary: bad.map(({ order, lookUp }) => ({ ...FAIR, order, lookUp })) },
  { weight: 2, arbitrary: bad.map(({ cancel }) => ({ ...FAIR, order: "waits" as const, cancel })) },
  { weight: 1, arbitrary: bad },
);

const purchase = does("purchase", {
  e164,
  assistant: fc.option(fc.constantFrom(...ASSISTANTS), { nil: null }),
  template: fc.option(jsonObject, { nil: null }),
});
const review = fc.constantFrom("approve" as const, "reject" as const, "revoke" as const);
const resolution = fc.constantFrom("cancel" as const, "approve" as const, "reject" as const);

/** One step, by an organization or by the world. */
export const step = fc.oneof(
  { weight: 12, arbitrary: purchase },
  { weight: 8, arbitrary: does("advance", { pause }) },
  { weight: 4, arbitrary: does("oversleep", { pause }) },
  { weight: 5, arbitrary: does("weather", { weather }) },
  { weight: 4, arbitrary: does("release", { pick }) },
  { weight: 3, arbitrary: does("plan", { plan: fc.constantFrom(...PLANS) }) },
  { weight: 3, arbitrary: does("credits", { amount: credits }) },
  { weight: 2, arbitrary: does("search", {}) },
  { weight: 2, arbitrary: does("import", { e164, trunk: fc.constantFrom("trunk_1", "trunk_2") }) },
  { weight: 2, arbitrary: does("route", { pick, change: routingChange }) },
  {
    weight: 2,
    arbitrary: does("assign", {
      assistant: fc.constantFrom(...ASSISTANTS),
      picks: fc.array(pick, { maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: does("autoRenewal", { pick, on: fc.boolean() }) },
  { weight: 2, arbitrary: does("requestRelease", { pick, reason: oddText }) },
  { weight: 2, arbitrary: does("resolveRelease", { pick, resolution }) },
  does("draft", { content: draftContent }),
  { weight: 2, arbitrary: does("submit", { content: attestedContent }) },
  { weight: 3, arbitrary: does("review", { review }) },
  does("nonsense", { id: oddText }),
);

/** One step of a run. */
export type Step = typeof step extends fc.Arbitrary<infer Done> ? Done : never;

/** A run of three organizations: when it begins, on which plans, and what is done. */
export type Run = {
  readonly start: Instant;
  readonly plans: readonly (typeof PLANS)[number][];
  readonly steps: readonly Step[];
};

/** A run with at most `maxLength` steps. */
export const anyRun = (maxLength: number): fc.Arbitrary<Run> =>
  fc.record({
    start,
    plans: fc.array(fc.constantFrom(...PLANS), { minLength: 3, maxLength: 3 }),
    steps: fc.array(step, { minLength: 3, maxLength, size: "max" }),
  });
