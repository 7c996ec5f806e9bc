/**
 * Mutants of the part `engine` that change nothing, by the reason, the file below
 * `adapters/ledger`, and the line of the code.
 */
import type { Change } from "./mutants.ts";

/** What of a line may as well be something else, or one of several. */
type Changes = Readonly<Record<string, string | readonly string[]>>;
type ByFile = Readonly<Record<string, Readonly<Record<string, Changes>>>>;

const BY_REASON: Readonly<Record<string, ByFile>> = {
  "a dry run has no id, so nothing asks whether it is a repeated one": {
    "engine/dry-rounds.ts": {
      "return Effect.succeed({ events, state, repeated: false });": { "false": "true" },
    },
  },
  "an organization requests its purchase; the types do not say so": {
    "calls/dry-run.ts": {
      'if (owner === undefined) throw new Error("A purchase is requested by no organization");': {
        "owner === undefined": "false",
        '"A purchase is requested by no organization"': '""',
      },
      "const place = done.state.get(numbers, holding)?.place;": {
        "done.state.get(numbers, holding)?.place": "done.state.get(numbers, holding).place",
      },
    },
  },
  "a set that is undefined is one that is left out": {
    "calls/dry-run.ts": {
      "const set = ids === undefined ? {} : { holdings: ids };": { "ids === undefined": "false" },
    },
  },
  "nothing reads how it went": {
    "automations/reconciliation/mod.ts": {
      'carefully("scheduling", Effect.as(schedule, "done"))': { '"done"': '""' },
    },
  },
  "the command always adds this event; the type does not say so": {
    "automations/reconciliation/run.ts": {
      "if (fact === undefined) throw new Error(`The reconciliation ${command.reconciliation} is lost`);":
        {
          "fact === undefined": "false",
          "`The reconciliation ${command.reconciliation} is lost`": "``",
        },
    },
    "calls/numbers.ts": {
      'const request = factOf(done, "ReleaseRequested")?.data.request ?? command.request;': {
        'factOf(done, "ReleaseRequested")?.data': 'factOf(done, "ReleaseRequested").data',
      },
      'const holding = factOf(done, "NumberImported")?.data.holding ?? command.holding;': {
        'factOf(done, "NumberImported")?.data': 'factOf(done, "NumberImported").data',
      },
    },
    "calls/purchases.ts": {
      'const holding = factOf(done, "PurchaseRequested")?.data.holding ?? command.holding;': {
        'factOf(done, "PurchaseRequested")?.data': 'factOf(done, "PurchaseRequested").data',
      },
    },
  },
  "work that no caller waits for is done or not; nothing else is read": {
    "automations/table.ts": {
      'if (notifier === null || !submission?.submitted) return "open";': { '"open"': '""' },
      'return yield* items.ifFree(itemKey(item), leased, "open");': { '"open"': '""' },
    },
    "automations/reconciliation/mod.ts": {
      'if (carrier === undefined || !reconcilesDaily) return "open";': { '"open"': '""' },
      'return yield* Effect.orElseSucceed(alone(whenDue(carrier)), (): Progress => "open");': {
        '(): Progress => "open"': "() => undefined",
        '"open"': '""',
      },
    },
    "automations/routes.ts": {
      'if (found === null) return "open";': { '"open"': '""' },
      'return pendingRoute(state, number.id, wish) === undefined ? "open" : null;': {
        '"open"': '""',
      },
    },
    "automations/worker.ts": {
      'const progress = yield* reporting("looking for work", work, "open");': {
        '"open"': '""',
      },
    },
  },
  "a submission that was handed in has a legal name": {
    "automations/table.ts": {
      'const legalName = businessProfile.legalName ?? "";': { '""': '"Stryker was here!"' },
    },
  },
  "an orphan is only adopted where that is the policy; the type does not say so": {
    "automations/reconciliation/repair.ts": {
      'if (orphans.kind !== "adopt") return reportOf(drift, "reported");': {
        'orphans.kind !== "adopt"': "false",
        '"reported"': '""',
      },
    },
  },
  "a drift of ours has our number, an orphan the carrier's; the type does not say so": {
    "automations/reconciliation/repair.ts": {
      'if (drift.remedy === "continue") return before === null ? null : yield* goOn(drift, before);':
        { "before === null": "false" },
      "return ours === null ? null : yield* releaseHere(run, now, ours);": {
        "ours === null": "false",
      },
      "return theirs === null ? null : yield* releaseThere(run, now, theirs);": {
        "theirs === null": "false",
      },
      "return theirs === null || ours === null ? null : yield* connect(run, now, ours, theirs);": {
        "theirs === null || ours === null": ["false", "theirs === null && ours === null"],
        "theirs === null": "false",
        "ours === null": "false",
      },
      "return ours === null ? null : yield* reroute(run, now, ours);": { "ours === null": "false" },
      "return theirs === null ? null : yield* adopt(run, now, theirs);": {
        "theirs === null": "false",
      },
    },
  },
  "what continues is not looked at again": {
    "automations/reconciliation/repair.ts": {
      'case "continue":': { '"continue"': '""' },
    },
  },
  "after the first look nothing rests yet; what is open counts as such from the second on": {
    "automations/worker.ts": {
      "let wasInDoubt = false;": { "false": "true" },
    },
  },
  "it is asked again, and nobody is told why": {
    "automations/routes.ts": {
      'message: "It was too late to change the number\'s route.",': {
        '"It was too late to change the number\'s route."': '""',
      },
    },
    "automations/order-calls.ts": {
      'message: "It was too late to send the order.",': {
        '"It was too late to send the order."': '""',
      },
    },
  },
  "the first event about it is of this type; the compiler does not see it": {
    "automations/reconciliation/adoption-offer.ts": {
      'if (fact?.type === "PurchaseRequested" && fact.data.orderKey === orderKey) {': {
        'fact?.type === "PurchaseRequested"': "true",
      },
    },
  },
  "no carrier has this name": {
    "automations/orders.ts": {
      "[...carriers].flatMap(([name, { cancel }]) => cancel === undefined ? [] : [name]),": {
        "[]": '["Stryker was here"]',
      },
    },
  },
  "to call it later does nothing; it saves memory": {
    "automations/crew.ts": {
      "return Effect.sync(() => void waiters.delete(go));": {
        "() => void waiters.delete(go)": "() => undefined",
      },
    },
  },
  "only a carrier of the ledger is reconciled; the type does not say so": {
    "automations/reconciliation/run.ts": {
      "settlingMs: carriers.get(carrier)?.settlingMs ?? 0,": {
        "carriers.get(carrier)?.settlingMs": "carriers.get(carrier).settlingMs",
      },
      "suspends: carriers.get(carrier)?.suspend !== undefined,": {
        "carriers.get(carrier)?.suspend": "carriers.get(carrier).suspend",
      },
    },
  },
  "any name is right that no other turn has": {
    "automations/reconciliation/mod.ts": {
      'const TURN = "reconciling";': { '"reconciling"': '""' },
    },
    "automations/worker.ts": {
      'export const WORKER = "worker";': { '"worker"': '""' },
    },
  },
  "only an imported number is looked for among them": {
    "calls/views.ts": {
      "return viewsWith(holdings, named, kinds.length > 0 ? state.all(sipConnections) : [], now);":
        {
          "[]": '["Stryker was here"]',
        },
    },
  },
  "the command is refused where there is no such request or submission": {
    "calls/numbers.ts": {
      "if (cancelled === undefined) throw new Error(`Release request ${request} no longer exists`);":
        {
          "cancelled === undefined": "false",
          "`Release request ${request} no longer exists`": "``",
        },
    },
    "calls/operator.ts": {
      "if (submission === undefined) throw new Error(`Verification ${verification} no longer exists`);":
        {
          "submission === undefined": "false",
          "`Verification ${verification} no longer exists`": "``",
        },
      "if (resolved === undefined) {": {
        "resolved === undefined": "false",
        "{ throw new Error(`Release request ${request} was resolved, and no longer exists`); }":
          "{}",
      },
      "throw new Error(`Release request ${request} was resolved, and no longer exists`);": {
        "`Release request ${request} was resolved, and no longer exists`": "``",
      },
    },
  },
  "no two of them have one id": {
    "calls/operator.ts": {
      "return [...state.all(connections)].sort((a, b) => a.id < b.id ? -1 : 1);": {
        "a.id < b.id": "a.id <= b.id",
      },
    },
    "calls/views.ts": {
      "return [...state.all(sipConnections)].sort((a, b) => a.installation < b.installation ? -1 : 1);":
        { "a.installation < b.installation": "a.installation <= b.installation" },
    },
    "calls/numbers.ts": {
      ".sort((a, b) => b.requestedAt - a.requestedAt || (a.id < b.id ? 1 : -1));": {
        "a.id < b.id": "a.id <= b.id",
      },
    },
  },
  "a ticket that waits is in its party's queue; the type does not say so": {
    "engine/tickets.ts": {
      "const rest = (queues.get(party) ?? []).filter((other) => other !== ticket);": {
        "[]": '["Stryker was here"]',
      },
    },
  },
  "only a carrier that says what it requires is asked": {
    "calls/requirements.ts": {
      "(carrier) => carrier.requirements?.({ country, type }) ?? Promise.resolve(ok([])),": {
        "carrier.requirements?.({ country, type })": "carrier.requirements({ country, type })",
        "[]": '["Stryker was here"]',
      },
    },
  },
  "what is nearby is only asked for with an area code": {
    "calls/searches.ts": {
      'const nearby = nearbyAreaCodes(filters.areaCode ?? "", {': { '""': '"Stryker was here!"' },
    },
  },
  "what is kept for no time is never given; it saves memory": {
    "engine/search-cache.ts": {
      "if (kept !== null && lifetime > 0 && cleared === before) texts.set(key, kept);": {
        "lifetime > 0": ["true", "lifetime >= 0"],
      },
    },
  },
  "no measured time is exactly so long": {
    "engine/slices.ts": {
      "if (!paces || taken < SLICE_MS) return;": { "taken < SLICE_MS": "taken <= SLICE_MS" },
      "if (performance.now() - begun < SLICE_MS) return;": {
        "performance.now() - begun < SLICE_MS": "performance.now() - begun <= SLICE_MS",
      },
    },
  },
  "only the first fault is said; it saves time": {
    "engine/carrier-results.ts": {
      "const read = check(ANSWERS[call], answer, { first: true });": {
        "{ first: true }": "{}",
        "true": "false",
      },
    },
  },
  "the first event of a number begins it": {
    "calls/views.ts": {
      "if (world !== null) return world;": { "world !== null": "true" },
    },
  },
};

export const ENGINE_EQUIVALENTS: readonly (Change & { readonly because: string })[] = Object
  .entries(BY_REASON).flatMap(([because, files]) =>
    Object.entries(files).flatMap(([path, lines]) =>
      Object.entries(lines).flatMap(([source, changes]) =>
        Object.entries(changes).flatMap(([original, replacements]) =>
          [replacements].flat().map((replacement) => ({
            file: `adapters/ledger/${path}`,
            source,
            original,
            replacement,
            because,
          }))
        )
      )
    )
  );
