import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as v from "valibot";
import { eventDefinitions, type Fact } from "../../core/events/vocabulary.ts";
import { isE164 } from "../../core/values/e164.ts";
import { isId } from "../../core/values/identity.ts";
import { MoneySchema } from "../../core/values/money.ts";
import {
  actor,
  amount,
  e164,
  event,
  facts,
  id,
  run,
  type Scenario,
  scenario,
} from "./arbitraries/mod.ts";
import { storedAndRead } from "./domain.ts";
import { ActorSchema } from "../../adapters/validation/values.ts";

const SAYING = { at: 0, actor: { kind: "operator" } } as const;

test("arbitrary values are what the domain takes for such", () => {
  fc.assert(fc.property(e164, amount, actor, id("pn"), (number, money, who, name) => {
    assert.ok(isE164(number));
    assert.ok(v.is(MoneySchema, money) && money.micros >= 0);
    assert.ok(v.is(ActorSchema, who));
    assert.ok(isId(name) && /^pn_[0-9a-z]{26}$/.test(name));
  }));
});

test("arbitrary events are of every type, and each is kept as it is", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(event, (one) => {
      seen.add(one.type);
      const { type, data } = storedAndRead(one, SAYING);
      assert.deepEqual({ type, data }, one);
    }),
    // Not fewer in any tier: so many that each type comes.
    { numRuns: 2_000 },
  );
  assert.deepEqual(Object.keys(eventDefinitions).filter((type) => !seen.has(type)), []);
});

/**
 * What a planted rule forbids, and the most that a scenario that breaks it should have left.
 * Shrinking may end where no single step makes a scenario smaller: about one of 40 seeds ends
 * above, so that the middle one of three must not.
 */
const FORBIDDEN: Readonly<Record<string, number>> = {
  Released: 5,
  TrialExpired: 5,
  ReleaseRequestApproved: 6,
  Renewed: 6,
  Suspended: 10,
};

const SEEDS = [1, 2, 3];

for (const [type, most] of Object.entries(FORBIDDEN)) {
  test(`scenario shrinks to at most ${most} commands when ${type} is forbidden`, () => {
    const isForbidden = (facts: readonly Fact[]) => facts.some((fact) => fact.type === type);
    const allowed = fc.property(scenario(60), (past: Scenario) => {
      const domain = run(past);
      return !isForbidden(domain.book("acme").facts) && !isForbidden(domain.book("umbrella").facts);
    });
    const lengths = SEEDS.map((seed) => {
      const { counterexample } = fc.check(allowed, { numRuns: 500, seed });
      const [smallest] = counterexample ?? [];
      assert.ok(smallest !== undefined, `seed ${seed}: no scenario gets there`);
      return smallest.steps.length;
    }).toSorted((a, b) => a - b);
    assert.ok((lengths[1] ?? most + 1) <= most, `${lengths} commands are left`);
  });
}

test("arbitrary facts of an organization begin with its opening, and time never runs back", () => {
  fc.assert(fc.property(facts(30), (all) => {
    assert.equal(all[0]?.type, "OrganizationOpened");
    assert.deepEqual(all.map(({ at }) => at), all.map(({ at }) => at).toSorted((a, b) => a - b));
  }));
});
