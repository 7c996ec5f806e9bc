/** Organizations keep what they agreed to, whatever the catalogue says later. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Context } from "../../core/log/decision.ts";
import { State } from "../../core/log/state.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import { decide } from "../../core/registry/commands.ts";
import { fold } from "../../core/registry/replay.ts";
import type { PlanCatalogue } from "../../core/values/plan.ts";
import { PLANS } from "../harness/arbitraries/contents.ts";
import { run, scenario, type Step } from "../harness/arbitraries/scenarios.ts";
import { anyPlan } from "../support/any-plan.ts";
import { runs } from "../support/runs.ts";

/** Some of the plans that scenarios name, each with any terms. */
const anyCatalogue: fc.Arbitrary<PlanCatalogue> = fc.subarray([...PLANS]).chain((names) =>
  fc.tuple(...names.map(anyPlan)).map((plans) =>
    Object.fromEntries(plans.map((plan) => [plan.name, plan]))
  )
);

/** A decision on all that happened to the organization, under these plans. */
const decided = (
  state: State,
  { organization, command, saying: { at: now, actor, scope = "all" } }: Step,
  plans: PlanCatalogue,
  own: Context["own"],
) => decide(state, command, { organization, now, actor, plans, scope, own });

test("no change of the catalogue changes a decision of an organization that is open", () => {
  fc.assert(
    fc.property(scenario(60), anyCatalogue, (past, plans) => {
      run(past, (step) => {
        if (step.command.type === "OpenOrganization") return;
        const { state } = step.domain.book(step.organization);
        const under = (catalogue: PlanCatalogue) => decided(state, step, catalogue, past.own);
        assert.deepEqual(under(plans), under(DEFAULT_PLANS));
      });
    }),
    { numRuns: runs(100) },
  );
});

test("old events decide as those with the terms that the catalogue has", () => {
  fc.assert(
    fc.property(scenario(40), (past) => {
      run(past, (step) => {
        if (step.command.type === "OpenOrganization") return;
        const { state, facts } = step.domain.book(step.organization);
        const old = State.empty();
        for (const fact of facts) {
          if (fact.type === "OrganizationOpened") {
            fold(old, { ...fact, data: { name: fact.data.name, plan: fact.data.plan } });
          } else if (fact.type === "PlanChanged") {
            fold(old, { ...fact, data: { plan: fact.data.plan } });
          } else fold(old, fact);
        }
        assert.deepEqual(
          decided(old, step, DEFAULT_PLANS, past.own),
          decided(state, step, DEFAULT_PLANS, past.own),
        );
      });
    }),
    { numRuns: runs(50) },
  );
});
