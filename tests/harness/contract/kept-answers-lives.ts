/** Lives of keys at random, against a model of what a store of answers should say. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { KeptAnswers, KeyedRequest, KeyState } from "../../../core/ports/mod.ts";
import { HOUR_MS, type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";

/** Stores of answers to be tested, which share what they keep, and the time that they measure. */
export type KeptAnswersSubject = {
  /** At least one; several where servers share the answers. */
  readonly answers: readonly KeptAnswers[];
  /** Lets this much time pass for all of them; time that really passes may count as well. */
  readonly advance: (milliseconds: Milliseconds) => void | Promise<void>;
  /** What they were opened to keep of one caller: at most 50 answers, and 50,000 bytes. */
  readonly bounds: { readonly rows: number; readonly bytes: number };
};

/** The same, with its stores by their places. */
export type Opened = KeptAnswersSubject & {
  readonly first: KeptAnswers;
  readonly last: KeptAnswers;
  /** A store by its place, counted round and round. */
  readonly at: (place: number) => KeptAnswers;
};

let made = 0;

/** A request of a new caller. */
export const newRequest = (changed: Partial<KeyedRequest> = {}): KeyedRequest => ({
  caller: `caller-${made++}`,
  key: "key",
  fingerprint: "one",
  ...changed,
});

type Step = {
  readonly does: "begin" | "keep" | "end" | "free" | "renew" | "wait";
  readonly store: number;
  readonly key: "a" | "b";
  readonly fingerprint: "one" | "two";
  /** Which of the leases that were given out, counted from the last. */
  readonly lease: number;
  readonly wait: Milliseconds;
};

/** The steps of a life. */
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    does: fc.constantFrom("begin", "begin", "begin", "keep", "end", "free", "renew", "wait"),
    store: fc.nat(5),
    key: fc.constantFrom("a", "b"),
    fingerprint: fc.constantFrom("one", "one", "two"),
    lease: fc.nat(2),
    // Far from where a lease or an answer ends, since real time passes too.
    wait: fc.constantFrom(SECOND_MS, 3 * SECOND_MS, 90 * SECOND_MS, 3 * HOUR_MS, 60 * HOUR_MS),
  }),
  { minLength: 1, maxLength: 25 },
);

/** A key as it should be: at most one request, and its lease or its answer. */
type Model = {
  fingerprint: string;
  lease: string | null;
  renewed: number;
  begun: number;
  answer?: string;
};

/** How long a lease lasts without a renewal, and an answer; between the two limits, who knows. */
const LEASE = { surely: 5 * SECOND_MS, atMost: 60 * SECOND_MS };
const KEPT = { surely: 24 * HOUR_MS, atMost: 50 * HOUR_MS };

/** What the store may say: nothing where time decides, and it is not clear yet. */
const expected = (model: Model | undefined, fingerprint: string, now: number): string | null => {
  if (model === undefined || now - model.begun >= KEPT.atMost) return "begun";
  if (now - model.begun > KEPT.surely) return null;
  if (model.fingerprint !== fingerprint) return "other";
  if (model.answer !== undefined) return `answered ${model.answer}`;
  if (model.lease === null) return "begun";
  if (now - model.renewed >= LEASE.atMost) return "begun";
  return now - model.renewed > LEASE.surely ? null : "underway";
};

const nameOf = (state: KeyState): string =>
  state.state === "answered" ? `answered ${state.answer.body}` : state.state;

/** Fails where a store says otherwise than it should. */
export const live = async ({ at, advance }: Opened, life: readonly Step[]): Promise<void> => {
  const { caller } = newRequest();
  const models = new Map<string, Model>();
  const leases = new Map<string, string[]>([["a", []], ["b", []]]);
  let [now, count] = [0, 0];
  for (const { does, store: place, key, fingerprint, lease: back, wait } of life) {
    const store = at(place);
    const request = { caller, key, fingerprint };
    const lease = leases.get(key)?.at(-1 - back) ?? "00000000-never-given";
    const model = models.get(key);
    const isHeld = model?.lease === lease;
    if (does === "wait") {
      await advance(wait);
      now += wait;
    } else if (does === "begin") {
      const state = await store.begin(request);
      const wanted = expected(model, fingerprint, now);
      if (wanted === null) return;
      assert.equal(nameOf(state), wanted);
      if (state.state !== "begun") continue;
      assert.ok(!leases.get(key)?.includes(state.lease), "a lease is new");
      leases.get(key)?.push(state.lease);
      models.set(key, { fingerprint, lease: state.lease, renewed: now, begun: now });
    } else if (does === "keep") {
      const body = `"${count++}"`;
      await store.keep(request, lease, { status: 200, headers: null, body });
      if (isHeld) Object.assign(model, { answer: body, lease: null });
    } else if (does === "end") {
      await store.keep(request, lease, null);
      if (isHeld) model.lease = null;
    } else if (does === "free") {
      await store.free(request, lease);
      if (isHeld) models.delete(key);
    } else {
      await store.renew(request, lease);
      if (isHeld) model.renewed = now;
    }
  }
};
