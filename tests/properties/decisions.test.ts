import assert from "node:assert/strict";
import { ONE_WORLD } from "../../core/log/decision.ts";
import { test } from "node:test";
import fc from "fast-check";
import { decide } from "../../core/registry/commands.ts";
import { type DomainEvent, type Fact, toDraft } from "../../core/events/vocabulary.ts";
import { fold } from "../../core/registry/replay.ts";
import { State } from "../../core/log/state.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import { ADDS_EACH_TIME } from "../harness/specification.ts";
import { type Domain, storedAndRead } from "../harness/domain.ts";
import { command } from "../harness/arbitraries/commands.ts";
import { ORGANIZATIONS, run, scenario } from "../harness/arbitraries/scenarios.ts";
import { runs } from "../support/runs.ts";

/** Whether the events would be the same again; they are compared by their content. */
const addsNothing = (decision: ReturnType<Domain["decide"]>): boolean =>
  !decision.ok || decision.value.length === 0;

test("decision is a value and never an exception when any scenario led there", () => {
  fc.assert(
    fc.property(scenario(60), (past) => {
      run(past, ({ domain, organization, command, saying }) => {
        const decision = domain.decide(organization, command, saying);
        assert.ok(decision.ok || decision.error.message.length > 0);
      });
    }),
    { numRuns: runs(100) },
  );
});

test("decision is a refusal or nothing odd when the organization was never opened", () => {
  fc.assert(
    fc.property(command, (given) => {
      const context = {
        organization: "nobody",
        now: 0,
        actor: { kind: "operator" },
        plans: DEFAULT_PLANS,
        ...ONE_WORLD,
      } as const;
      const decision = decide(State.empty(), given, context);
      const harmless = given.type === "OpenOrganization" || addsNothing(decision);
      assert.ok(harmless, `${given.type} does something to an unknown organization`);
    }),
    { numRuns: runs(300) },
  );
});

test("decision is the same when it is made again on the same state at the same time", () => {
  fc.assert(
    fc.property(scenario(40), (past) => {
      run(past, ({ domain, organization, command, saying }) => {
        const first = domain.decide(organization, command, saying);
        assert.deepEqual(domain.decide(organization, command, saying), first);
      });
    }),
    { numRuns: runs(100) },
  );
});

test("command adds no event when it is given again at the same time", () => {
  fc.assert(
    fc.property(scenario(60), (past) => {
      run(past, ({ domain, organization, command, saying }) => {
        if (ADDS_EACH_TIME.includes(command.type)) return;
        domain.give(organization, command, saying);
        const again = domain.decide(organization, command, saying);
        assert.ok(addsNothing(again), `${command.type}: ${JSON.stringify(again)}`);
      });
    }),
    { numRuns: runs(100) },
  );
});

/** Everything that happened in a domain of the two organizations. */
const factsOf = ({ book }: Domain): readonly Fact[] =>
  ORGANIZATIONS.flatMap((organization) => book(organization).facts);

test("event survives being written as JSON and read back, with any text in it", () => {
  fc.assert(
    fc.property(scenario(60), (past) => {
      run(past, ({ domain, organization, command, saying }) => {
        const decision = domain.decide(organization, command, saying);
        if (!decision.ok) return;
        for (const event of decision.value) {
          const read = storedAndRead(event, saying);
          const plain: DomainEvent = JSON.parse(JSON.stringify(event));
          assert.deepEqual({ type: read.type, data: read.data }, plain);
          assert.equal(JSON.stringify(toDraft(read).data), JSON.stringify(read.data));
          assert.deepEqual(storedAndRead(read, saying), read);
        }
      });
    }),
    { numRuns: runs(100) },
  );
});

test("state is the same when facts are folded in one go or one at a time", () => {
  fc.assert(
    fc.property(scenario(40), (past) => {
      const domain = run(past);
      for (const organization of ORGANIZATIONS) {
        const { facts, state } = domain.book(organization);
        const again = State.empty();
        for (const fact of facts) fold(again, structuredClone(fact));
        assert.deepEqual(again, state);
      }
    }),
    { numRuns: runs(100) },
  );
});

test("scenarios are eventful: most kinds of event happen in some of them", () => {
  const missing = new Set([
    "NumberPurchased",
    "PurchaseFailed",
    "PurchaseDismissed",
    "OrderRepeated",
    "Charged",
    "ChargeDeclined",
    "RefundStarted",
    "Refunded",
    "TrialExpired",
    "Renewed",
    "RenewalFailed",
    "Suspended",
    "ReleaseStarted",
    "Released",
    "NumberImported",
    "VerificationRevoked",
  ]);
  // The rarest happens in one of 23: six hundred without it are less likely than a broken machine.
  for (const past of fc.sample(scenario(60), 600)) {
    for (const { type } of factsOf(run(past))) missing.delete(type);
    if (missing.size === 0) break;
  }
  assert.deepEqual([...missing], []);
});
