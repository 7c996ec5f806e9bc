import { type ChargeEventData, chargeEvents } from "./charge.ts";
import { type HoldingEventData, holdingEvents } from "./holding.ts";
import { type PurchaseEventData, purchaseEvents } from "./purchase.ts";
import {
  type OrganizationEvent,
  type OrganizationEventData,
  organizationEvents,
} from "./organization.ts";
import type { EventDraft, RecordedEvent } from "../ports/mod.ts";
import {
  type ReconciliationEvent,
  type ReconciliationEventData,
  reconciliationEvents,
} from "./reconciliation.ts";
import type { Instant } from "../values/calendar.ts";
import type { Actor } from "../values/identity.ts";
import {
  type VerificationEvent,
  type VerificationEventData,
  verificationEvents,
} from "./verification.ts";
import { type WebhookEvent, type WebhookEventData, webhookEvents } from "./webhook.ts";
import { type DefinitionsOf, type EventOf, fitting, upcast } from "./definition.ts";

type NumberEventData = PurchaseEventData & HoldingEventData & ChargeEventData;

/** Anything that can happen to a number. */
export type NumberEvent = EventOf<NumberEventData>;

/** Every type of event there is, with its newest schema. */
export const eventDefinitions: DefinitionsOf<
  & OrganizationEventData
  & NumberEventData
  & VerificationEventData
  & ReconciliationEventData
  & WebhookEventData
> = {
  ...organizationEvents,
  ...purchaseEvents,
  ...holdingEvents,
  ...chargeEvents,
  ...verificationEvents,
  ...reconciliationEvents,
  ...webhookEvents,
};

/** Anything that can happen. */
export type DomainEvent =
  | OrganizationEvent
  | NumberEvent
  | VerificationEvent
  | ReconciliationEvent
  | WebhookEvent;

/** The type of an event. */
export type EventType = DomainEvent["type"];

/** An event that happened: with who did it and when. */
export type Fact = DomainEvent & { readonly at: Instant; readonly actor: Actor };

/** A fact of one of these types. */
export type FactOf<Type extends EventType> = Extract<Fact, { readonly type: Type }>;

/** The types of all events whose data has this. */
export type TypeWith<Data> = Extract<DomainEvent, { readonly data: Data }>["type"];

/**
 * The stored form of an event: its type, the newest version, and its data. Throws when that could
 * not be read again, as where an adapter gave something that is not of its type.
 *
 * @example
 * ```ts
 * import { toDraft } from "ledgerline/core";
 *
 * const draft = toDraft({ type: "PlanChanged", data: { plan: "Scale" } });
 * console.log(draft.version);
 * ```
 */
export const toDraft = ({ type, data }: DomainEvent): EventDraft => {
  if (!Object.hasOwn(eventDefinitions, type)) throw new TypeError(`There is no event ${type}`);
  const definition = eventDefinitions[type];
  fitting(definition, `A new ${type}`, data);
  return { type, version: definition.version, data };
};

// A text that came from elsewhere is compared letter by letter with each that the folds know.
const TYPES: ReadonlyMap<string, string> = new Map(
  Object.keys(eventDefinitions).map((type) => [type, type]),
);

/**
 * Reads a stored event of any version. Throws when it fits no known version.
 *
 * @example
 * ```ts
 * import { type RecordedEvent, toFact } from "ledgerline/core";
 *
 * const planOf = (event: RecordedEvent): string | null => {
 *   const fact = toFact(event);
 *   return fact.type === "PlanChanged" ? fact.data.plan : null;
 * };
 * ```
 */
export const toFact = (recorded: RecordedEvent): Fact =>
  ({
    type: TYPES.get(recorded.type),
    data: upcast(eventDefinitions, recorded),
    at: recorded.at,
    actor: recorded.actor,
  }) as Fact;
