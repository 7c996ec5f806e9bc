/**
 * Salts for events of which a tenant is not shown what has few possible values, as what a carrier
 * asks and says: the tenant's history shows hashes of the chain, also of events that follow one of
 * which it shows nothing, from which those would be found by trying them.
 */
import type { DomainEvent, EventType } from "../../../core/events/vocabulary.ts";
import { randomSecret } from "./secrets.ts";

const SALTED: readonly EventType[] = [
  "NumberSearched",
  "NumberPriced",
  "OrganizationOpened",
  "PlanChanged",
  "PurchaseFailed",
];

/** The event as it is stored. */
export const salted = (event: DomainEvent): DomainEvent =>
  SALTED.includes(event.type)
    ? { ...event, data: { ...event.data, salt: randomSecret() } } as DomainEvent
    : event;
