/** Mutants of the part `engine` that change nothing, each with the reason. */
import { AUTOMATIONS, type Place } from "./automation-equivalents.ts";
import type { Change } from "./mutants.ts";

const ENGINE_AND_CALLS: readonly Place[] = [
  {
    file: "adapters/ledger/calls/views.ts",
    source: 'const connections = holding.source === "imported" ? state.all(sipConnections) : [];',
    because: "only an imported number is looked for among them",
    changes: [["[]", '["Stryker was here"]']],
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
    file: "adapters/ledger/engine/search-cache.ts",
    source: "if (kept !== null && lifetime > 0 && cleared === before) texts.set(key, kept);",
    because: "what is kept for no time is never given; it saves memory",
    changes: [["lifetime > 0", "true"], ["lifetime > 0", "lifetime >= 0"]],
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
  {
    file: "adapters/ledger/calls/views.ts",
    source: "if (world !== null) return world;",
    because: "the first event of a number begins it",
    changes: [["world !== null", "true"]],
  },
];

export const ENGINE_EQUIVALENTS: readonly (Change & { readonly because: string })[] = [
  ...AUTOMATIONS,
  ...ENGINE_AND_CALLS,
].flatMap(({ changes, ...place }) =>
  changes.map(([original, replacement]) => ({ ...place, original, replacement }))
);
