/** What clients do, by chance; a run repeated from its seed has the same requests. */
import fc from "fast-check";
import { ADMIN_TOKEN } from "../support/app.ts";
import type { Effect } from "./recording.ts";

/** What a client wants to do next; the numbers choose among what there is then. */
export type Step = {
  readonly what: "buy" | "import" | "release" | "label" | "credits" | "plan" | "list";
  readonly organization: number;
  readonly choice: number;
  readonly server: number;
  readonly pause_ms: number;
};

const HOW_OFTEN: Readonly<Record<Step["what"], number>> = {
  buy: 8,
  release: 4,
  label: 4,
  list: 4,
  import: 2,
  credits: 2,
  plan: 1,
};

const ANY = fc.nat({ max: 1_000_000 });

/** An endless number of steps. */
export const steps: fc.Arbitrary<IterableIterator<Step>> = fc.infiniteStream(fc.record({
  what: fc.oneof(
    ...Object.entries(HOW_OFTEN).map(([what, weight]) => ({
      weight,
      arbitrary: fc.constant(what as Step["what"]),
    })),
  ),
  organization: ANY,
  choice: ANY,
  server: ANY,
  pause_ms: fc.nat({ max: 40 }),
}));

/** An organization that clients act for, with what they know about it. */
export type Account = {
  readonly id: string;
  readonly token: string;
  /** Ids of holdings that were acknowledged and, as far as is known, not released. */
  readonly holdings: Set<string>;
};

/** A call to be made, and its intended effect. */
export type Act = {
  readonly account: Account;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly token: string;
  /** The command's id, where the call takes one and can be repeated. */
  readonly key: string | null;
  readonly effect: Effect | null;
};

const NUMBERS = "/v1/phone-numbers";
const PLANS = ["Free", "Growth", "Growth", "Scale", "Scale", "Prepaid"];

/** How many of the numbers all clients want: half of the time one of these is chosen. */
const HOT = 12;

const pick = <Value>(values: readonly Value[], choice: number): Value => {
  const value = values[choice % values.length];
  if (value === undefined) throw new Error("there is nothing to choose from");
  return value;
};

/** The act of a step; `name` is used for nothing else. Lists where there is no holding. */
export const actOf = (
  { what, organization, choice }: Step,
  name: string,
  accounts: readonly Account[],
  numbers: readonly string[],
): Act => {
  const account = pick(accounts, organization);
  const { id, token } = account;
  const base = { account, path: NUMBERS, body: undefined, token, key: null, effect: null };
  const list: Act = { ...base, method: "GET" };
  const keyed = (type: string): Pick<Act, "method" | "key" | "effect"> => ({
    method: "POST",
    key: name,
    effect: { type, by: "command", value: name },
  });
  const holding = account.holdings.size === 0 ? null : pick([...account.holdings], choice);
  const e164 = pick(choice % 2 === 0 ? numbers.slice(0, HOT) : numbers, Math.floor(choice / 2));
  const admin = { ...base, path: `/admin/organizations/${id}`, token: ADMIN_TOKEN };
  switch (what) {
    case "list":
      return list;
    case "buy":
      return { ...base, ...keyed("PurchaseRequested"), body: { e164 } };
    case "import": {
      const body = { e164, sipTrunkId: "trunk_1" };
      return { ...base, ...keyed("NumberImported"), path: `${NUMBERS}/import`, body };
    }
    case "credits": {
      const path = `${admin.path}/credits`;
      return { ...admin, ...keyed("CreditsAdded"), path, body: { amount: "3.00" } };
    }
    case "plan": {
      const effect: Effect = { type: "OrganizationRenamed", by: "name", value: name };
      return { ...admin, method: "PUT", body: { name, plan: pick(PLANS, choice) }, effect };
    }
    case "label": {
      if (holding === null) return list;
      const effect: Effect = { type: "RoutingChanged", by: "label", value: name };
      const path = `${NUMBERS}/${holding}`;
      return { ...base, method: "PATCH", path, body: { label: name }, effect };
    }
    case "release": {
      if (holding === null) return list;
      const effect: Effect = { type: "Released", by: "holding", value: holding };
      return { ...base, method: "DELETE", path: `${NUMBERS}/${holding}`, effect };
    }
  }
};
