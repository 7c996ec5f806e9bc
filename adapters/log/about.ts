/** Which events are about a holding, and which begin one, in every adapter. */
import { BEGINNING } from "../../core/number/facts.ts";
import type { EventDraft } from "../../core/ports/mod.ts";

const textIn = ({ data }: Pick<EventDraft, "data">, member: string): string | null => {
  if (typeof data !== "object" || data === null || !Object.hasOwn(data, member)) return null;
  const text: unknown = (data as Readonly<Record<string, unknown>>)[member];
  return typeof text === "string" ? text : null;
};

/**
 * Whether a text that an event has as this member is behind a value that may have a member of that
 * name inside: the first of the name in its JSON is what is looked up.
 */
const isHidden = ({ data }: Pick<EventDraft, "data">, member: string): boolean => {
  for (const [name, value] of Object.entries(data as object)) {
    if (name === member) return false;
    if (typeof value === "object" && value !== null) return true;
  }
  return false;
};

/** The holding that an event is about, or null. */
export const holdingOf = (event: Pick<EventDraft, "data">): string | null =>
  textIn(event, "holding");

/** The number that an organization begins to hold with an event, or null. */
export const begunBy = (event: Pick<EventDraft, "type" | "data">): string | null =>
  BEGINNING.some((type) => type === event.type) ? textIn(event, "e164") : null;

/** The member by which an event is looked up and would not be found; null where there is none. */
export const hiddenIn = (event: EventDraft): "holding" | "e164" | null => {
  if (holdingOf(event) !== null && isHidden(event, "holding")) return "holding";
  return begunBy(event) !== null && isHidden(event, "e164") ? "e164" : null;
};
