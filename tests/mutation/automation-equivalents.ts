/** Mutants of the automations that change nothing, each with the reason. */
import type { Change } from "./mutants.ts";

/** A line of the code, and what may as well be on it. */
export type Place = Pick<Change, "file" | "source"> & {
  readonly because: string;
  readonly changes: readonly (readonly [original: string, replacement: string])[];
};

export const AUTOMATIONS: readonly Place[] = [
  {
    file: "adapters/ledger/automations/reconciliation/mod.ts",
    source: 'carefully("scheduling", Effect.as(schedule, "done"))',
    because: "nothing reads how it went",
    changes: [['"done"', '""']],
  },
  {
    file: "adapters/ledger/automations/reconciliation/run.ts",
    source:
      "if (fact === undefined) throw new Error(`The reconciliation ${command.reconciliation} is lost`);",
    because: "the command always adds this event; the type does not say so",
    changes: [["fact === undefined", "false"], [
      "`The reconciliation ${command.reconciliation} is lost`",
      "``",
    ]],
  },
  {
    file: "adapters/ledger/automations/table.ts",
    source: 'if (notifier === null || !submission?.submitted) return "open";',
    because: "work that no caller waits for is done or not; nothing else is read",
    changes: [['"open"', '""']],
  },
  {
    file: "adapters/ledger/automations/table.ts",
    source: 'const legalName = businessProfile.legalName ?? "";',
    because: "a submission that was handed in has a legal name",
    changes: [['""', '"Stryker was here!"']],
  },
  {
    file: "adapters/ledger/automations/reconciliation/mod.ts",
    source: 'if (carrier === undefined || !reconcilesDaily) return "open";',
    because: "work that no caller waits for is done or not; nothing else is read",
    changes: [['"open"', '""']],
  },
  {
    file: "adapters/ledger/automations/reconciliation/mod.ts",
    source: 'return yield* Effect.orElseSucceed(alone(whenDue(carrier)), (): Progress => "open");',
    because: "work that no caller waits for is done or not; nothing else is read",
    changes: [['(): Progress => "open"', "() => undefined"], ['"open"', '""']],
  },
  {
    file: "adapters/ledger/automations/routes.ts",
    source: 'if (found === null) return "open";',
    because: "work that no caller waits for is done or not; nothing else is read",
    changes: [['"open"', '""']],
  },
  {
    file: "adapters/ledger/automations/routes.ts",
    source: 'return pendingRoute(state, number.id, wish) === undefined ? "open" : null;',
    because: "work that no caller waits for is done or not; nothing else is read",
    changes: [['"open"', '""']],
  },
  {
    file: "adapters/ledger/automations/reconciliation/repair.ts",
    source: 'if (orphans.kind !== "adopt") return reportOf(drift, "reported");',
    because: "an orphan is only adopted where that is the policy; the type does not say so",
    changes: [['orphans.kind !== "adopt"', "false"], ['"reported"', '""']],
  },
  {
    file: "adapters/ledger/automations/reconciliation/repair.ts",
    source:
      'if (drift.remedy === "continue") return after === null ? null : yield* goOn(drift, after);',
    because: "what continues is a number of ours; the type does not say so",
    changes: [["after === null", "false"]],
  },
  {
    file: "adapters/ledger/automations/reconciliation/repair.ts",
    source: "return ours === null ? null : yield* releaseHere(run, now, ours);",
    because: "a drift of ours has our number, an orphan the carrier's; the type does not say so",
    changes: [["ours === null", "false"]],
  },
  {
    file: "adapters/ledger/automations/reconciliation/repair.ts",
    source: "return theirs === null ? null : yield* releaseThere(run, now, theirs);",
    because: "a drift of ours has our number, an orphan the carrier's; the type does not say so",
    changes: [["theirs === null", "false"]],
  },
  {
    file: "adapters/ledger/automations/reconciliation/repair.ts",
    source:
      "return theirs === null || ours === null ? null : yield* connect(run, now, ours, theirs);",
    because: "a drift of ours has our number, an orphan the carrier's; the type does not say so",
    changes: [
      ["theirs === null || ours === null", "false"],
      ["theirs === null || ours === null", "theirs === null && ours === null"],
      ["theirs === null", "false"],
      ["ours === null", "false"],
    ],
  },
  {
    file: "adapters/ledger/automations/reconciliation/repair.ts",
    source: "return ours === null ? null : yield* reroute(run, now, ours);",
    because: "a drift of ours has our number, an orphan the carrier's; the type does not say so",
    changes: [["ours === null", "false"]],
  },
  {
    file: "adapters/ledger/automations/reconciliation/repair.ts",
    source: "return theirs === null ? null : yield* adopt(run, now, theirs);",
    because: "a drift of ours has our number, an orphan the carrier's; the type does not say so",
    changes: [["theirs === null", "false"]],
  },
  {
    file: "adapters/ledger/automations/reconciliation/repair.ts",
    source: 'case "continue":',
    because: "what continues is not looked at again",
    changes: [['"continue"', '""']],
  },
  {
    file: "adapters/ledger/automations/reconciliation/repair.ts",
    source: "const known = yield* originsOf(run.carrier, key === null ? [] : [key]);",
    because: "no order has such a key, and none is looked for",
    changes: [["key === null", "false"], ["[]", '["Stryker was here"]']],
  },
  {
    file: "adapters/ledger/automations/worker.ts",
    source: "let wasInDoubt = false;",
    because: "nothing rests yet after the first look",
    changes: [["false", "true"]],
  },
  {
    file: "adapters/ledger/automations/routes.ts",
    source: 'message: "It was too late to change the number\'s route.",',
    because: "it is asked again, and nobody is told why",
    changes: [['"It was too late to change the number\'s route."', '""']],
  },
  {
    file: "adapters/ledger/automations/order-calls.ts",
    source: 'message: "It was too late to send the order.",',
    because: "it is asked again, and nobody is told why",
    changes: [['"It was too late to send the order."', '""']],
  },
  {
    file: "adapters/ledger/automations/reconciliation/adoption-offer.ts",
    source: 'if (event.type !== "PurchaseRequested") continue;',
    because: "the next check is the same; it saves time",
    changes: [['event.type !== "PurchaseRequested"', "false"]],
  },
  {
    file: "adapters/ledger/automations/reconciliation/adoption-offer.ts",
    source:
      'if (fact.type === "PurchaseRequested" && fact.data.orderKey === orderKey) return fact.data;',
    because: "it is of this type; the compiler does not see it",
    changes: [['fact.type === "PurchaseRequested"', "true"]],
  },
  {
    file: "adapters/ledger/automations/worker.ts",
    source: 'const progress = yield* reporting("looking for work", doItem(item), "open");',
    because: "work that no caller waits for is done or not; nothing else is read",
    changes: [['"open"', '""']],
  },
  {
    file: "adapters/ledger/automations/table.ts",
    source: 'return yield* items.ifFree(itemKey(item), leased, "open");',
    because: "work that no caller waits for is done or not; nothing else is read",
    changes: [['"open"', '""']],
  },
  {
    file: "adapters/ledger/automations/orders.ts",
    source: "[...carriers].flatMap(([name, { cancel }]) => cancel === undefined ? [] : [name]),",
    because: "no carrier has this name",
    changes: [["[]", '["Stryker was here"]']],
  },
  {
    file: "adapters/ledger/automations/crew.ts",
    source: "return Effect.sync(() => void waiters.delete(go));",
    because: "to call it later does nothing; it saves memory",
    changes: [["() => void waiters.delete(go)", "() => undefined"]],
  },
  {
    file: "adapters/ledger/automations/reconciliation/run.ts",
    source: "settlingMs: carriers.get(carrier)?.settlingMs ?? 0,",
    because: "only a carrier of the ledger is reconciled; the type does not say so",
    changes: [["carriers.get(carrier)?.settlingMs", "carriers.get(carrier).settlingMs"]],
  },
  {
    file: "adapters/ledger/automations/reconciliation/run.ts",
    source: "suspends: carriers.get(carrier)?.suspend !== undefined,",
    because: "only a carrier of the ledger is reconciled; the type does not say so",
    changes: [["carriers.get(carrier)?.suspend", "carriers.get(carrier).suspend"]],
  },
  {
    file: "adapters/ledger/automations/reconciliation/mod.ts",
    source: 'const TURN = "reconciling";',
    because: "any name is right that no other turn has",
    changes: [['"reconciling"', '""']],
  },
  {
    file: "adapters/ledger/automations/worker.ts",
    source: 'export const WORKER = "worker";',
    because: "any name is right that no other turn has",
    changes: [['"worker"', '""']],
  },
];
