/**
 * The state of a number, folded from its events; `decisions/` decides them. An event is folded
 * where it has its place in a list: what begins and ends a number in `facts.ts`, what changes its
 * stage in `stage.ts`, and what changes anything else in `details.ts`.
 */
import type { Fact, FactOf } from "../events/vocabulary.ts";
import type { State, Subject } from "../log/state.ts";
import type { CarrierName, Feature, NumberType } from "../ports/mod.ts";
import type { Instant } from "../values/calendar.ts";
import {
  isWithin,
  type Place,
  type PlaceData,
  placeOf,
  type Scope,
  type World,
  worldOfCarrier,
} from "../values/claim-key.ts";
import type { E164 } from "../values/e164.ts";
import { type Money, NO_MONEY } from "../values/money.ts";
import { unreachable } from "../values/unreachable.ts";
import { workOf } from "./work.ts";
import {
  BEGINNING,
  type BeginningType,
  ENDING,
  isBeginning,
  isEnding,
  keysFor,
  type NumberEventType,
} from "./facts.ts";
import { changed, CHANGING, type Details, isChanging, type Routing } from "./details.ts";
import { evolveStage, STAGE, type Stage } from "./stage.ts";

type Common = Details & {
  readonly id: string;
  readonly e164: E164;
  /** The places of the plan that it takes. */
  readonly place: Place;
  readonly createdBy: { readonly email: string; readonly name: string } | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

/** A number bought from a carrier. */
export type Managed = Common & {
  readonly source: "managed";
  readonly carrier: CarrierName;
  /** Whether the carrier kept it for us already: it was not bought by an order of ours. */
  readonly adopted: boolean;
  readonly connection: string | null;
  readonly type: NumberType;
  readonly country: string;
  readonly setup: Money;
  /** What a month costs the organization, and what the carrier asks for it. */
  readonly monthly: Money;
  readonly carrierMonthly: Money;
  readonly features: readonly Feature[];
  readonly stage: Stage;
};

/** A number whose order the carrier has not confirmed yet. */
export type Purchasing = Managed & {
  readonly stage: Extract<Stage, { status: "purchasing" }>;
};

/** A number that its owner imported over a SIP trunk; we never charge for it. */
export type Imported = Common & {
  readonly source: "imported";
  readonly world: World;
  readonly sipConnection: string | null;
  readonly sipTrunk: string | null;
  readonly sipProviderName: string | null;
};

/** A number that an organization holds, is buying or failed to buy; a release deletes it. */
export type Holding = Managed | Imported;

/** The world of a number: that of its carrier, or in which it was imported. */
export const worldOf = (number: Holding): World =>
  number.source === "imported" ? number.world : worldOfCarrier(number.carrier);

/**
 * The number, as far as the caller sees its world: one of the other world does not exist for it. It
 * must have been asked for.
 */
export const seenNumber = (
  state: State,
  holding: string,
  { scope }: { readonly scope: Scope },
): Holding | undefined => {
  const number = state.get(numbers, holding);
  return number !== undefined && isWithin(scope, worldOf(number)) ? number : undefined;
};

const begun = (
  data: Routing & PlaceData & { readonly holding: string; readonly e164: E164 },
  event: Fact,
): Common => ({
  id: data.holding,
  e164: data.e164,
  place: placeOf(data),
  routing: { direction: data.direction, label: data.label, template: data.template },
  assistant: null,
  sms: null,
  releaseRequest: null,
  createdBy: event.actor.kind === "user"
    ? { email: event.actor.email, name: event.actor.name }
    : null,
  createdAt: event.at,
  updatedAt: event.at,
});

const adopted = (event: FactOf<"NumberAdopted">): Managed => {
  const { holding, e164, carrier, connection, type, country, monthly, features } = event.data;
  const { carrierId, from, to, noticeAt = null } = event.data;
  const initial = { direction: "both", label: null, template: null } as const;
  return {
    ...begun({ ...initial, holding, e164, place: event.data.place }, event),
    source: "managed",
    carrier,
    adopted: true,
    connection,
    type,
    country,
    setup: NO_MONEY,
    monthly,
    carrierMonthly: monthly,
    features,
    stage: {
      status: "active",
      carrierId,
      term: {
        kind: "monthly",
        anchor: from,
        period: 1,
        endsAt: to,
        noticeAt,
        lastChargedAt: null,
        autoRenewal: true,
      },
    },
  };
};

const imported = (event: FactOf<"NumberImported">): Imported => {
  const { world, sipConnection, sipTrunk, sipProviderName } = event.data;
  const common = begun(event.data, event);
  return { ...common, source: "imported", world, sipConnection, sipTrunk, sipProviderName };
};

const requested = (event: FactOf<"PurchaseRequested">): Managed => {
  const { carrier, connection, type, country, setup, monthly, features } = event.data;
  const { orderKey, paidFrom, debited, importedIn, requirementGroup } = event.data;
  const { id, e164, place, routing, createdBy } = begun(event.data, event);
  // Spelt out, since a rebuild begins very many of these: a growing spread is much slower.
  return {
    id,
    e164,
    place,
    routing,
    assistant: null,
    sms: null,
    releaseRequest: null,
    createdBy,
    createdAt: event.at,
    updatedAt: event.at,
    source: "managed",
    carrier,
    adopted: false,
    connection,
    type,
    country,
    setup,
    monthly,
    carrierMonthly: monthly,
    features,
    stage: {
      status: "purchasing",
      orderKey,
      paidFrom,
      debited,
      orderedAt: event.at,
      taken: false,
      ...(importedIn !== undefined && { importedIn }),
      ...(requirementGroup !== undefined && { requirementGroup }),
    },
  };
};

const begin = (event: FactOf<BeginningType>): Holding => {
  switch (event.type) {
    case "PurchaseRequested":
      return requested(event);
    case "NumberAdopted":
      return adopted(event);
    case "NumberImported":
      return imported(event);
    default:
      return unreachable(event);
  }
};

/** The world in which a fact begins a number; null for one that begins none. */
export const worldOfFact = (fact: Fact): World | null =>
  isBeginning(fact) ? worldOf(begin(fact)) : null;

/** Whether the number is being bought, and the carrier has not confirmed it yet. */
export const isPurchasing = (number: Holding | undefined): number is Purchasing =>
  number?.source === "managed" && number.stage.status === "purchasing";

// Spelt out, since each event of a number passes here: where rows have several shapes (some built
// and others spread), a spread takes twenty times as long.
const staged = (row: Managed, stage: Stage, updatedAt: Instant): Managed => ({
  id: row.id,
  e164: row.e164,
  place: row.place,
  routing: row.routing,
  assistant: row.assistant,
  sms: row.sms,
  releaseRequest: row.releaseRequest,
  createdBy: row.createdBy,
  createdAt: row.createdAt,
  updatedAt,
  source: "managed",
  carrier: row.carrier,
  adopted: row.adopted,
  connection: row.connection,
  type: row.type,
  country: row.country,
  setup: row.setup,
  monthly: row.monthly,
  carrierMonthly: row.carrierMonthly,
  features: row.features,
  stage,
});

/** What a number can carry; over a SIP trunk that is voice. */
export const featuresOf = (number: Holding): readonly Feature[] =>
  number.source === "managed" ? number.features : ["voice"];

/**
 * For each event of a number, the key of its row. One that the compiler misses here is in none of
 * the lists in `details.ts`, `stage.ts` and `facts.ts`.
 */
export const NUMBER_KEYS: Subject<Holding, NumberEventType>["keys"] = keysFor([
  ...BEGINNING,
  ...ENDING,
  ...CHANGING,
  ...STAGE,
]);

/** Numbers that are held, being bought, or failed. */
export const numbers: Subject<Holding, NumberEventType> = {
  kind: "number",
  keys: NUMBER_KEYS,
  evolve: (row, event) => {
    if (isBeginning(event)) return row ?? begin(event);
    if (isEnding(event) || row === undefined) return undefined;
    const next = isChanging(event) ? changed(row, event) : row;
    if (next.source === "imported") return { ...next, updatedAt: event.at };
    return staged(next, isChanging(event) ? next.stage : evolveStage(next.stage, event), event.at);
  },
  work: (row) => row.source === "imported" ? null : workOf(row),
  group: ({ assistant }) => assistant,
};
