/**
 * Salts for events of which a tenant's history hides what has few possible values, as prices do: it
 * shows the hashes of the chain, from which those would be found by trying them.
 */
import type { DomainEvent, EventType } from "../../../core/events/vocabulary.ts";
import { randomSecret } from "./secrets.ts";

const SALTED: readonly EventType[] = ["NumberPriced", "OrganizationOpened", "PlanChanged"];

/** The event as it is stored. */
export const salted = (event: DomainEvent): DomainEvent =>
  SALTED.includes(event.type)
    ? { ...event, data: { ...event.data, salt: randomSecret() } } as DomainEvent
    : event;
