/** A ledger whose suspensions are seen at a carrier that a test plays with. */
import type { Whole } from "../../adapters/validation/optional.ts";
import assert from "node:assert/strict";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openIds } from "../../adapters/clock/ids.ts";
import { openTestClock, type TestClock } from "../../adapters/clock/test.ts";
import { type Ledger, openLedger } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import type { Carrier, EventLog } from "../../core/ports/mod.ts";
import { MINUTE_MS, SECOND_MS } from "../../core/values/calendar.ts";
import type { E164 } from "../../core/values/e164.ts";
import { money } from "../../core/values/money.ts";
import { attested } from "../harness/story/mod.ts";
import { callerOf } from "../properties/runs.ts";
import { gate } from "../support/gate.ts";

export const ACME = callerOf("acme");
export const [ONE, TWO]: readonly [E164, E164] = ["+14155550101", "+14155550102"];
const START = Date.parse("2026-01-31T10:00:00Z");

export type World = {
  readonly ledger: Ledger;
  readonly log: EventLog;
  readonly clock: TestClock;
  /** The carrier without anything between. */
  readonly bare: Carrier & Whole<Pick<Carrier, "suspend" | "resume">>;
  readonly reports: readonly string[];
  /** Another ledger on the same log and carrier. */
  readonly another: () => Ledger;
  /** Buys a number for a connection, or for none and the carrier puts it on `at`. */
  readonly buy: (
    e164: E164,
    to?: { readonly connection?: string; readonly at?: string },
  ) => Promise<string>;
  /** The verification is revoked: the organization's numbers are suspended. */
  readonly suspend: () => Promise<void>;
  /** Another one is approved: they are reinstated. */
  readonly reinstate: () => Promise<void>;
  /** What the carrier has attached to a number. */
  readonly routeOf: (e164: E164) => Promise<string | null>;
  readonly status: (id: string) => Promise<string | undefined>;
  /** The events of a number's route, in short. */
  readonly recorded: (id: string) => Promise<readonly string[]>;
  readonly due: () => Promise<readonly string[]>;
};

const reviewer = (ledger: Ledger) => {
  const submit = async () => {
    const submitted = await ledger.verification.submit(ACME, attested());
    assert.ok(submitted.ok, JSON.stringify(submitted));
    return submitted.value.id;
  };
  const review = async (id: string, answer: Parameters<Ledger["operator"]["review"]>[1]) => {
    const reviewed = await ledger.operator.review(id, answer);
    assert.ok(reviewed.ok, JSON.stringify(reviewed));
  };
  let last = "";
  return {
    approve: async () => {
      last = await submit();
      await review(last, { kind: "approve" });
    },
    revoke: () => review(last, { kind: "revoke", reason: "It is over." }),
  };
};

/** Opens a world; `play` changes what the carrier does. */
export const openWorld = async (
  play: (carrier: World["bare"]) => Partial<Carrier> = () => ({}),
  options: Partial<Parameters<typeof openLedger>[0]> = {},
): Promise<World> => {
  const clock = openTestClock(START);
  const log = openMemoryLog();
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock, realClock: clock });
  const { suspend, resume } = sandbox;
  assert.ok(suspend !== undefined && resume !== undefined);
  const bare = { ...sandbox, suspend, resume };
  const reports: string[] = [];
  const ids = openIds(clock);
  const another = () =>
    openLedger({
      log: { ...log, close: () => Promise.resolve() },
      carrier: { ...bare, ...play(bare) },
      payments: includedPayments,
      clock,
      setClock: clock.set,
      ids,
      waitMs: 20,
      runsAutomations: false,
      reconcilesDaily: false,
      report: (what) => reports.push(what),
      ...options,
    });
  const ledger = another();
  const opened = await ledger.operator.open("acme", { name: "Acme", plan: "Prepaid" });
  assert.ok(opened.ok);
  await ledger.operator.addCredits("acme", { amount: money(100_000_000) });
  const { approve, revoke } = reviewer(ledger);
  await approve();
  return {
    ledger,
    log,
    clock,
    bare,
    reports,
    another,
    suspend: revoke,
    reinstate: approve,
    buy: async (e164, { connection, at } = {}) => {
      if (connection !== undefined) {
        await ledger.operator.registerConnection("acme", { connection, label: "Main" });
      }
      const bought = await ledger.purchase(ACME, { e164, ...(connection && { connection }) });
      assert.ok(bought.ok, JSON.stringify(bought));
      const { holding: { id }, carrierId } = bought.value.number;
      if (at !== undefined) await bare.connect({ carrierId: carrierId ?? "", e164 }, at);
      // It is no longer too new to be missed.
      clock.set(clock.now() + 10 * MINUTE_MS);
      return id;
    },
    routeOf: async (e164) => {
      const found = await bare.findNumber(e164);
      assert.ok(found.ok && found.value !== null, `${e164} is not kept`);
      return found.value.connectionId;
    },
    status: async (id) => (await ledger.numbers.get(ACME, id))?.status,
    recorded: async (id) =>
      (await ledger.numbers.history(ACME, id)).map(({ type }) => type)
        .filter((type) => type.startsWith("Route")),
    due: async () => (await log.due(clock.now(), 100)).map(({ automation }) => automation),
  };
};

/** Works until nothing is due now, and lets what stays open rest meanwhile. */
export const work = async ({ ledger, clock, due }: World): Promise<void> => {
  for (let turns = 0; turns < 20; turns++) {
    await ledger.work.run();
    if ((await due()).length === 0) return;
    clock.set(clock.now() + 20 * SECOND_MS);
  }
  assert.fail(`still due: ${await due()}`);
};

/** The carrier is asked to suspend a number, and has not answered yet. */
export type Suspending = {
  readonly world: World;
  readonly id: string;
  /** Lets the carrier answer, and works until nothing is due. */
  readonly finish: () => Promise<void>;
};

/** Opens a world in which this number is bought for "14", and is being suspended. */
export const openSuspending = async (e164: E164): Promise<Suspending> => {
  const [begun, answered] = [gate(), gate()];
  const world = await openWorld((carrier) => ({
    suspend: async (number) => {
      begun.open();
      await answered.opened;
      return carrier.suspend(number);
    },
  }));
  const id = await world.buy(e164, { at: "14" });
  await world.suspend();
  const working = world.ledger.work.run();
  await begun.opened;
  const finish = async (): Promise<void> => {
    answered.open();
    await working;
    await work(world);
  };
  return { world, id, finish };
};
