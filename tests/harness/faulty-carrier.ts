/** A carrier that fails as its port allows, by a seed: unreachable, silent or slow. */
import * as v from "valibot";
import { CarrierSchema } from "../../adapters/validation/carrier-schema.ts";
import type { Carrier, CarrierError } from "../../core/ports/mod.ts";
import { assertArguments } from "../../adapters/validation/argument.ts";
import type { Milliseconds } from "../../core/values/calendar.ts";
import { failed, ok, type Result } from "../../core/values/result.ts";
import { CallableSchema, exactly, PauseSchema } from "../../adapters/validation/shapes.ts";
import { seededRandom } from "./emulators/telnyx/faults.ts";

import { SeedSchema } from "./seed.ts";
import { tag } from "../../core/values/tag.ts";

/** What is thrown where a line breaks. */
export class Broken extends Error {
  static {
    tag(this, "Broken");
  }
  override readonly name = "Broken";
}

/** Throws as a line that breaks. */
export const silence = (): never => {
  throw new Broken("the line broke");
};

/** The answer of a carrier that gave no usable one. */
export const carrierFails = (
  kind: CarrierError["kind"],
): { readonly ok: false; readonly error: CarrierError } =>
  failed({ kind, message: `The carrier is ${kind}.` });

/** The calls that a carrier has. */
export type CarrierCallName = Exclude<
  keyof Carrier,
  "name" | "settlingMs" | "callsAtOnce" | "searchesBy"
>;

/** Makes one call to a carrier, or does something else instead, before or after. */
export type CarrierCall = <Value>(
  name: CarrierCallName,
  make: () => Promise<Result<Value, CarrierError>>,
) => Promise<Result<Value, CarrierError>>;

/** What a carrier that says what it requires says, by way of `call`. */
const requirementsBy = (carrier: Carrier, call: CarrierCall): Pick<Carrier, "requirements"> => ({
  requirements: (kind) =>
    call("requirements", () => carrier.requirements?.(kind) ?? Promise.resolve(ok([]))),
});

/** How a carrier cancels; one that never does stays so. */
const cancellingBy = (carrier: Carrier, call: CarrierCall): Pick<Carrier, "cancel"> => ({
  cancel: (...input) =>
    call("cancel", async () => await carrier.cancel?.(...input) ?? carrierFails("refused")),
});

/** The same carrier, every call to which goes by way of `call`. */
export const carrierBy = (carrier: Carrier, call: CarrierCall): Carrier => {
  const { suspend, resume } = carrier;
  return {
    ...callsBy(carrier, call),
    ...(suspend && { suspend: (...input) => call("suspend", () => suspend.apply(carrier, input)) }),
    ...(resume && { resume: (...input) => call("resume", () => resume.apply(carrier, input)) }),
  };
};

/** The calls that every carrier has. */
const callsBy = (carrier: Carrier, call: CarrierCall): Carrier => ({
  ...(carrier.cancel !== undefined && cancellingBy(carrier, call)),
  name: carrier.name,
  settlingMs: carrier.settlingMs,
  ...(carrier.callsAtOnce !== undefined && { callsAtOnce: carrier.callsAtOnce }),
  ...(carrier.searchesBy !== undefined && { searchesBy: carrier.searchesBy }),
  search: (...input) => call("search", () => carrier.search(...input)),
  quote: (...input) => call("quote", () => carrier.quote(...input)),
  ...(carrier.requirements !== undefined && requirementsBy(carrier, call)),
  order: (...input) => call("order", () => carrier.order(...input)),
  findOrder: (...input) => call("findOrder", () => carrier.findOrder(...input)),
  findNumber: (...input) => call("findNumber", () => carrier.findNumber(...input)),
  inventory: (...input) => call("inventory", () => carrier.inventory(...input)),
  has: (...input) => call("has", () => carrier.has(...input)),
  connect: (...input) => call("connect", () => carrier.connect(...input)),
  release: (...input) => call("release", () => carrier.release(...input)),
});

/** Every fault of a faulty carrier, with its effect. */
export const CARRIER_FAULTS = {
  unreachable: "the call is surely not taken, and says so",
  silentBefore: "the call is lost on its way: an unknown outcome, or an exception",
  silentAfter: "the call is carried out, and its answer lost: the same to the caller",
  slow: "the call is carried out, and its answer takes a while",
} as const;

/** Something that a faulty carrier does wrong. */
export type CarrierFault = keyof typeof CARRIER_FAULTS;

/** How a carrier is to fail. */
export type FaultyCarrierOptions = {
  /** The same seed gives the same faults to the same calls. */
  readonly seed: number;
  /** How often each fault occurs, from 0 to 1; 0.1 where left out. */
  readonly rates?: Readonly<Partial<Record<CarrierFault, number>>> | undefined;
  /** The longest that a slow answer takes; 20 ms by default. */
  readonly slowMs?: Milliseconds | undefined;
  /** How it waits; by a real timer where left out. */
  readonly sleep?: ((ms: Milliseconds) => Promise<void>) | undefined;
  /** Called with each fault as it occurs. */
  readonly struck?: ((fault: CarrierFault, call: CarrierCallName) => void) | undefined;
};

/** A faulty carrier, and the function that ends its faults. */
export type FaultyCarrier = {
  readonly carrier: Carrier;
  /** From now on no fault occurs. */
  readonly heal: () => void;
};

const RateSchema = v.optional(
  v.pipe(v.number(), v.minValue(0, "must be at least 0"), v.maxValue(1, "must be at most 1")),
);

const RATES: Readonly<Record<CarrierFault, v.GenericSchema>> = {
  unreachable: RateSchema,
  silentBefore: RateSchema,
  silentAfter: RateSchema,
  slow: RateSchema,
};

const ENTRIES: Readonly<Record<keyof FaultyCarrierOptions, v.GenericSchema>> = {
  seed: SeedSchema,
  rates: v.optional(exactly(RATES)),
  slowMs: v.optional(PauseSchema),
  sleep: v.optional(CallableSchema),
  struck: v.optional(CallableSchema),
};

const RATE = 0.1;
const SLOW_MS: Milliseconds = 20;

const sleepReally = (ms: Milliseconds): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Puts faults in front of a carrier. It never violates its port: every answer is one that the port
 * allows, so a program that follows the port must reach the same result once the faults end. Throws
 * an `InvalidArgument` that names what does not fit.
 *
 * @example
 * ```ts
 * import { openSandboxCarrier } from "ledgerline/carriers/sandbox";
 * import { openFaultyCarrier } from "ledgerline/testing";
 *
 * const { carrier } = openFaultyCarrier(openSandboxCarrier(), { seed: 7 });
 * ```
 */
export const openFaultyCarrier = (
  carrier: Carrier,
  options: FaultyCarrierOptions,
): FaultyCarrier => {
  assertArguments({ carrier: CarrierSchema, options: exactly(ENTRIES) }, [carrier, options]);
  const { seed, rates = {}, slowMs = SLOW_MS, sleep = sleepReally, struck } = options;
  const random = seededRandom(seed);
  let isWell = false;
  const strikes = (fault: CarrierFault, name: CarrierCallName): boolean => {
    if (isWell || random() >= (rates[fault] ?? RATE)) return false;
    struck?.(fault, name);
    return true;
  };
  const lost = () => random() < 0.5 ? carrierFails("unknown") : silence();
  const call: CarrierCall = async (name, make) => {
    if (strikes("unreachable", name)) return carrierFails("unreachable");
    if (strikes("silentBefore", name)) return lost();
    const answer = await make();
    if (strikes("silentAfter", name)) return lost();
    if (strikes("slow", name)) await sleep(random() * slowMs);
    return answer;
  };
  return {
    carrier: carrierBy(carrier, call),
    heal: () => {
      isWell = true;
    },
  };
};
