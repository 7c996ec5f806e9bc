/** Mutants of the part `engine` that change nothing, each with the reason. */
import type { Change } from "./mutants.ts";

type Place = Pick<Change, "file" | "source"> & {
  readonly because: string;
  /** What is there, and what may as well be. */
  readonly changes: readonly (readonly [original: string, replacement: string])[];
};

const PLACES: readonly Place[] = [
  {
    file: "adapters/ledger/automations/reconciliation/mod.ts",
    source: 'carefully("scheduling", Effect.as(schedule, "done"))',
    because: "nothing reads how it went",
    changes: [['"done"', '""']],
  },
  {
    file: "adapters/ledger/calls/views.ts",
    source: 'const connections = holding.source === "imported" ? state.all(sipConnections) : [];',
    because: "only an imported number is looked for among them",
    changes: [["[]", '["Stryker was here"]']],
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
    file: "adapters/ledger/calls/numbers.ts",
    source:
      "if (cancelled === undefined) throw new Error(`Release request ${request} no longer exists`);",
    because: "the command is refused where there is no such request",
    changes: [["cancelled === undefined", "false"], [
      "`Release request ${request} no longer exists`",
      "``",
    ]],
  },
  {
    file: "adapters/ledger/calls/operator.ts",
    source:
      "if (submission === undefined) throw new Error(`Verification ${verification} no longer exists`);",
    because: "the command is refused where there is no such submission",
    changes: [["submission === undefined", "false"], [
      "`Verification ${verification} no longer exists`",
      "``",
    ]],
  },
  {
    file: "adapters/ledger/calls/operator.ts",
    source: "if (resolved === undefined) {",
    because: "the command is refused where there is no such request",
    changes: [["resolved === undefined", "false"], [
      "{ throw new Error(`Release request ${request} was resolved, and no longer exists`); }",
      "{}",
    ]],
  },
  {
    file: "adapters/ledger/calls/operator.ts",
    source: "throw new Error(`Release request ${request} was resolved, and no longer exists`);",
    because: "the command is refused where there is no such request",
    changes: [["`Release request ${request} was resolved, and no longer exists`", "``"]],
  },
  {
    file: "adapters/ledger/calls/operator.ts",
    source: "return [...state.all(connections)].sort((a, b) => a.id < b.id ? -1 : 1);",
    because: "no two connections have one id",
    changes: [["a.id < b.id", "a.id <= b.id"]],
  },
  {
    file: "adapters/ledger/calls/views.ts",
    source:
      "return [...state.all(sipConnections)].sort((a, b) => a.installation < b.installation ? -1 : 1);",
    because: "no two connections have one id",
    changes: [["a.installation < b.installation", "a.installation <= b.installation"]],
  },
  {
    file: "adapters/ledger/calls/numbers.ts",
    source: ".sort((a, b) => b.requestedAt - a.requestedAt || (a.id < b.id ? 1 : -1));",
    because: "no two requests have one id",
    changes: [["a.id < b.id", "a.id <= b.id"]],
  },
  {
    file: "adapters/ledger/engine/tickets.ts",
    source: "const rest = (queues.get(party) ?? []).filter((other) => other !== ticket);",
    because: "a ticket that waits is in its party's queue; the type does not say so",
    changes: [["[]", '["Stryker was here"]']],
  },
  {
    file: "adapters/ledger/calls/requirements.ts",
    source: "(carrier) => carrier.requirements?.({ country, type }) ?? Promise.resolve(ok([])),",
    because: "only a carrier that says what it requires is asked",
    changes: [[
      "carrier.requirements?.({ country, type })",
      "carrier.requirements({ country, type })",
    ], ["[]", '["Stryker was here"]']],
  },
  {
    file: "adapters/ledger/calls/searches.ts",
    source: 'const nearby = nearbyAreaCodes(filters.areaCode ?? "", {',
    because: "what is nearby is only asked for with an area code",
    changes: [['""', '"Stryker was here!"']],
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
    file: "adapters/ledger/engine/search-cache.ts",
    source: "if (kept !== null && lifetime > 0 && cleared === before) texts.set(key, kept);",
    because: "what is kept for no time is never given; it saves memory",
    changes: [["lifetime > 0", "true"], ["lifetime > 0", "lifetime >= 0"]],
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
    file: "adapters/ledger/calls/numbers.ts",
    source: 'const request = factOf(done, "ReleaseRequested")?.data.request ?? command.request;',
    because: "the command always adds this event; the type does not say so",
    changes: [['factOf(done, "ReleaseRequested")?.data', 'factOf(done, "ReleaseRequested").data']],
  },
  {
    file: "adapters/ledger/calls/numbers.ts",
    source: 'const holding = factOf(done, "NumberImported")?.data.holding ?? command.holding;',
    because: "the command always adds this event; the type does not say so",
    changes: [['factOf(done, "NumberImported")?.data', 'factOf(done, "NumberImported").data']],
  },
  {
    file: "adapters/ledger/calls/purchases.ts",
    source: 'const holding = factOf(done, "PurchaseRequested")?.data.holding ?? command.holding;',
    because: "the command always adds this event; the type does not say so",
    changes: [[
      'factOf(done, "PurchaseRequested")?.data',
      'factOf(done, "PurchaseRequested").data',
    ]],
  },
  {
    file: "adapters/ledger/calls/views.ts",
    source: 'return planOf(plans, organization?.plan ?? "").limits;',
    because: "no plan has either name",
    changes: [['""', '"Stryker was here!"']],
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
    file: "adapters/ledger/engine/slices.ts",
    source: "if (!paces || taken < SLICE_MS) continue;",
    because: "no measured time is exactly so long",
    changes: [["taken < SLICE_MS", "taken <= SLICE_MS"]],
  },
  {
    file: "adapters/ledger/engine/slices.ts",
    source: "if (performance.now() - begun < SLICE_MS) return;",
    because: "no measured time is exactly so long",
    changes: [["performance.now() - begun < SLICE_MS", "performance.now() - begun <= SLICE_MS"]],
  },
  {
    file: "adapters/ledger/engine/carrier-results.ts",
    source: "const read = check(ANSWERS[call], answer, { first: true });",
    because: "only the first fault is said; it saves time",
    changes: [["{ first: true }", "{}"], ["true", "false"]],
  },
];

export const ENGINE_EQUIVALENTS: readonly (Change & { readonly because: string })[] = PLACES
  .flatMap(({ changes, ...place }) =>
    changes.map(([original, replacement]) => ({ ...place, original, replacement }))
  );
