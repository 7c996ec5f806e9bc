import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ledger } from "../../adapters/ledger/mod.ts";
import { eventsOf } from "../../core/log/pages.ts";
import { money, plus } from "../../core/values/money.ts";
import { callerOf, forAnyRun, perform, settle, type Stage } from "./runs.ts";
import { ORGANIZATIONS, type Step } from "./steps.ts";
import { runs } from "../support/runs.ts";

const RUNS = runs(30);

/** A step that took a command id, where its place in the run is, and what it answered. */
type Given = {
  readonly step: Extract<Step, { does: "purchase" | "import" | "credits" }>;
  readonly place: number;
  readonly answer: { readonly ok: boolean; readonly value?: unknown };
};

const isGiven = ({ does }: Step): boolean =>
  does === "purchase" || does === "import" || does === "credits";

/** Gives the step's command again under its id; `other` asks for something else under that id. */
const again = (ledger: Ledger, { step, place }: Given, other: boolean) => {
  const caller = callerOf(step.by);
  const options = { commandId: `${step.does} ${place}` };
  switch (step.does) {
    case "purchase": {
      const { e164, assistant, template } = step;
      const wish = other ? { assistant: `not ${assistant}` } : { assistant };
      return ledger.purchase(caller, { e164, ...wish, template }, options);
    }
    case "import": {
      const via = { sipTrunk: other ? `not ${step.trunk}` : step.trunk };
      return ledger.import(caller, { e164: step.e164, via }, options);
    }
    case "credits": {
      const amount = other ? plus(step.amount, money(1)) : step.amount;
      return ledger.operator.addCredits(step.by, { amount }, options);
    }
  }
};

const heads = (log: Stage["log"]) =>
  Promise.all(ORGANIZATIONS.map(async (organization) => (await log.load(organization, {})).head));

/** The id of the number that an answer is about; undefined for credits. */
const numberIn = (value: unknown): string | undefined => {
  const { number, holding } = value as {
    readonly number?: { readonly holding: { readonly id: string } };
    readonly holding?: { readonly id: string };
  };
  return number?.holding.id ?? holding?.id;
};

/** Whether a purchase failed before anything was ordered, by what its organization's log says. */
const failedBeforeOrder = async (log: Stage["log"], { step, answer }: Given): Promise<boolean> => {
  for await (const page of eventsOf(log, step.by)) {
    for (const { type, data } of page) {
      if (type !== "PurchaseFailed") continue;
      const { holding, reason } = data as { readonly holding: string; readonly reason: string };
      if (holding !== numberIn(answer.value)) continue;
      return ["paymentDeclined", "paymentUnknown", "unreachable"].includes(reason);
    }
  }
  return false;
};

/** Performs runs, and checks those of their commands that have an id and succeeded. */
const holds = (look: (stage: Stage, given: Given) => Promise<void>): Promise<void> =>
  forAnyRun(RUNS, 40, async (run) => {
    const given: Given[] = [];
    await perform(run, async (stage) => {
      await settle(stage);
      for (const one of given) await look(stage, one);
    }, (step, place, answer) => {
      if (!isGiven(step)) return;
      const one = { step, place, answer } as Given;
      if (one.answer.ok) given.push(one);
    });
  });

test("command that did not fail before an order adds nothing, and gives the first answer, when its id comes again much later", () =>
  holds(async ({ ledger, log }, given) => {
    // It is tried again then (tests/ledger/purchase-retries.test.ts).
    if (await failedBeforeOrder(log, given)) return;
    const before = await heads(log);
    const repeated = await again(ledger, given, false);
    assert.deepEqual(await heads(log), before);
    if (given.step.does === "credits") {
      assert.ok(repeated.ok);
    } else if (repeated.ok) {
      assert.equal(numberIn(repeated.value), numberIn(given.answer.value));
    } else {
      // Requested, and failed later: that is its outcome.
      assert.equal(given.step.does, "purchase", repeated.error.code);
      assert.notEqual(repeated.error.code, "COMMAND_ID_REUSED");
    }
  }));

test("command is refused and adds nothing when its id was used for another", () =>
  holds(async ({ ledger, log }, given) => {
    const before = await heads(log);
    const refused = await again(ledger, given, true);
    assert.ok(!refused.ok);
    assert.equal(refused.error.code, "COMMAND_ID_REUSED");
    assert.deepEqual(await heads(log), before);
  }));
