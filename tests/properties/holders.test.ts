/**
 * Who holds a number in the end, for any order in which organizations buy, import, release and
 * adopt it. A number has at most one holder in each world; what a carrier proved wins over an
 * import, whenever the import was decided or appended; and what was released is free. The log may
 * be an older one, written before there were worlds.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openIds } from "../../adapters/clock/ids.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { DAY_MS, MINUTE_MS } from "../../core/values/calendar.ts";
import type { E164 } from "../../core/values/e164.ts";
import { openTestApp, SIP, type TestApp } from "../support/app.ts";
import { assertReplayed } from "../support/replayed.ts";
import { withoutWorlds } from "../support/log-without-worlds.ts";
import { openTurns, type Turns } from "../support/call-order.ts";
import { runs } from "../support/runs.ts";

const START = Date.parse("2026-01-31T10:00:00Z");
const NUMBERS: readonly E164[] = ["+14155550101", "+14155550102"];
const BUYERS = ["acme", "umbrella", "initech"] as const;
/** Adopts orphans. */
const ADOPTER = "adopter";
const ORGANIZATIONS = [...BUYERS, ADOPTER];
const OPERATOR = { kind: "operator" } as const;

/**
 * One world, where the ledger's own carrier is the sandbox, or two, where the sandbox is beside it.
 */
type Worlds = 1 | 2;

type Act = {
  readonly kind: "buy" | "import" | "release" | "orphan" | "reconcile";
  readonly organization: typeof BUYERS[number];
  readonly e164: E164;
  readonly sandbox: boolean;
};

const act: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom(
    "buy",
    "buy",
    "import",
    "import",
    "import",
    "release",
    "orphan",
    "reconcile",
  ),
  organization: fc.constantFrom(...BUYERS),
  e164: fc.constantFrom(...NUMBERS),
  sandbox: fc.boolean(),
});

const run = fc.record({
  /** What happened one after the other before the upgrade; nothing where there was none. */
  before: fc.array(act, { maxLength: 4 }),
  /** What happens at the same time, again and again. */
  rounds: fc.array(fc.array(act, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
});

/** The carriers, which outlive the ledger, and keep what it ordered. */
const openCarriers = (worlds: Worlds) => {
  const clock = openTestClock(START);
  const orders = openMemoryOrderBook();
  const sell = () => openSandboxCarrier({ orders: openMemoryOrderBook(), clock, realClock: clock });
  const own = openSandboxCarrier({ orders, clock, realClock: clock });
  const ids = openIds(clock);
  const open = (log: EventLog): TestApp =>
    openTestApp({
      log,
      carrier: worlds === 1 ? own : { ...own, name: "acme-tel" },
      ...(worlds === 2 && { sandbox: sell() }),
      clock,
      setClock: clock.set,
      ids,
      waitMs: 60_000,
      runsAutomations: false,
      orphans: { kind: "adopt", into: ADOPTER },
    });
  return { clock, orders, open };
};

type World = ReturnType<typeof openCarriers> & {
  readonly worlds: Worlds;
  /** The key of an order of ours for each number, whose number was released since. */
  readonly keys: ReadonlyMap<E164, string>;
};

const callerOf = ({ organization, sandbox }: Pick<Act, "organization" | "sandbox">) => ({
  organization,
  actor: { kind: "user", tokenId: "tk_1", email: "a@example.com", name: "A" } as const,
  sandbox,
});

const numberTaken = (app: TestApp, organization: string) =>
  app.ledger.numbers.list({ organization, actor: OPERATOR });

/** Does the act; a refused one has no effect. */
const perform = async (world: World, app: TestApp, each: Act): Promise<void> => {
  const { kind, e164, organization } = each;
  switch (kind) {
    case "buy":
      await app.ledger.purchase(callerOf(each), { e164 });
      break;
    case "import":
      await app.ledger.import(callerOf(each), { e164, via: { sipConnection: SIP.id } });
      break;
    case "release":
      for (const { holding } of await numberTaken(app, organization)) {
        if (holding.e164 === e164) await app.ledger.release(callerOf(each), holding.id);
      }
      break;
    case "orphan": {
      const at = { orderedAt: world.clock.now(), machineOrderedAt: world.clock.now() };
      await world.orders.take(world.keys.get(e164) ?? "", { e164, connectionId: null, ...at });
      break;
    }
    case "reconcile":
      await app.ledger.reconciliation.run();
      break;
  }
};

/**
 * Whether the log before the worlds could have it: an import blocked all others from its number.
 */
const wasPossible = async (world: World, app: TestApp, each: Act): Promise<boolean> => {
  if (world.worlds === 2 && each.sandbox) return false;
  if (each.kind === "release") return true;
  const all = (await Promise.all(ORGANIZATIONS.map((one) => numberTaken(app, one)))).flat();
  const isImported = all.some(({ holding }) => holding.source === "imported");
  return each.kind === "reconcile"
    ? !isImported
    : all.every(({ holding }) => holding.e164 !== each.e164);
};

const open = async (worlds: Worlds, log: EventLog): Promise<{ world: World; app: TestApp }> => {
  const carriers = openCarriers(worlds);
  const app = carriers.open(log);
  for (const organization of ORGANIZATIONS) await app.organization(organization, "Scale");
  const keys = new Map<E164, string>();
  for (const e164 of NUMBERS) {
    const caller = callerOf({ organization: "acme", sandbox: false });
    const bought = await app.ledger.purchase(caller, { e164 });
    assert.ok(bought.ok);
    keys.set(e164, (await carriers.orders.sale(e164))?.key ?? "");
    await app.ledger.release(caller, bought.value.number.holding.id);
  }
  return { world: { ...carriers, worlds, keys }, app };
};

/** Everything that was begun ends. */
const settle = async ({ clock }: World, app: TestApp): Promise<void> => {
  for (let turn = 0; turn < 3; turn++) {
    await app.ledger.work.run();
    clock.set(clock.now() + 15 * MINUTE_MS);
  }
  await app.ledger.work.run();
};

type Has = { readonly organization: string; readonly isProved: boolean };

/** A number has at most one holder in its world, and an import none beside it. */
const checkHolders = async ({ worlds }: World, app: TestApp): Promise<void> => {
  const holders = new Map<string, Has[]>();
  for (const organization of ORGANIZATIONS) {
    for (const { holding, status } of await numberTaken(app, organization)) {
      if (status === "failed") continue;
      const isProved = holding.source === "managed";
      const sandbox = isProved ? holding.carrier === "sandbox" : holding.world === "sandbox";
      const key = worlds === 1 ? holding.e164 : `${holding.e164} ${sandbox}`;
      holders.set(key, [...holders.get(key) ?? [], { organization, isProved }]);
    }
  }
  for (const [key, all] of holders) {
    assert.equal(all.length, 1, `${key} is held by ${JSON.stringify(all)}`);
  }
};

/** What is released is free: it has no claim, and the carrier sells it again. */
const checkReleased = async (world: World, app: TestApp, log: EventLog): Promise<void> => {
  for (const organization of ORGANIZATIONS) {
    for (const { holding } of await numberTaken(app, organization)) {
      const caller = { organization, actor: OPERATOR };
      assert.ok((await app.ledger.release(caller, holding.id)).ok);
    }
  }
  await settle(world, app);
  await app.ledger.reconciliation.run();
  for (const { holding } of await numberTaken(app, ADOPTER)) {
    await app.ledger.release({ organization: ADOPTER, actor: OPERATOR }, holding.id);
  }
  await assertReplayed(log, NUMBERS);
  for (const e164 of NUMBERS) {
    const caller = callerOf({ organization: "initech", sandbox: false });
    assert.equal(await world.orders.sale(e164), null);
    const via = { sipConnection: SIP.id };
    const brought = await app.ledger.import(caller, { e164, via });
    assert.ok(brought.ok, `${e164} is not free`);
    assert.ok((await app.ledger.release(caller, brought.value.holding.id)).ok);
    assert.ok((await app.ledger.purchase(caller, { e164 })).ok, `${e164} is not sold`);
  }
};

type Run = typeof run extends fc.Arbitrary<infer Value> ? Value : never;

const performAll = async (worlds: Worlds, { before, rounds }: Run, lots: Iterator<number>) => {
  const first = openMemoryLog();
  const { world, app: young } = await open(worlds, first);
  for (const each of before) {
    if (await wasPossible(world, young, each)) await perform(world, young, each);
  }
  await settle(world, young);
  const log = await withoutWorlds(first);
  const turns: Turns = openTurns(log);
  const app = world.open(turns.log);
  for (const round of rounds) {
    await turns.run(round.map((each) => () => perform(world, app, each)), lots);
    world.clock.set(world.clock.now() + DAY_MS / 24);
    await settle(world, app);
    await checkHolders(world, app);
    await assertReplayed(log, NUMBERS);
  }
  await checkReleased(world, app, log);
  await Promise.all([young.close(), app.close()]);
};

const [LIVE_THEN_BOUGHT, ADOPTED_UNDER_AN_IMPORT]: readonly [Run, Run] = [
  {
    before: [{ kind: "import", organization: "umbrella", e164: "+14155550101", sandbox: false }],
    rounds: [[{ kind: "buy", organization: "acme", e164: "+14155550101", sandbox: false }]],
  },
  {
    before: [],
    rounds: [
      [{ kind: "orphan", organization: "acme", e164: "+14155550101", sandbox: false }],
      [
        { kind: "import", organization: "umbrella", e164: "+14155550101", sandbox: false },
        { kind: "reconcile", organization: "acme", e164: "+14155550101", sandbox: false },
      ],
    ],
  },
];

describe("a number has one holder in its world, who bought it rather than imported it", () => {
  test("where an import is older than the worlds, and its number is bought", async () => {
    await performAll(1, LIVE_THEN_BOUGHT, [].values());
  });

  test("where an import is decided before an adoption and appended after it", async () => {
    // The import's reads come first, and its append last.
    for (let lot = 0; lot < 12; lot++) {
      const lots = [0, ...Array.from({ length: 12 }, (_, at) => (lot >> (at % 5)) % 2)];
      await performAll(1, ADOPTED_UNDER_AN_IMPORT, lots.values());
      await performAll(2, ADOPTED_UNDER_AN_IMPORT, lots.values());
    }
  });

  for (const worlds of [1, 2] as const) {
    const numRuns = runs(25);
    test(`in every order, where there ${worlds === 1 ? "is one world" : "are two"}`, async () => {
      await fc.assert(
        fc.asyncProperty(
          run,
          fc.infiniteStream(fc.nat(7)),
          (each, lots) => performAll(worlds, each, lots),
        ),
        { numRuns },
      );
    });
  }
});
