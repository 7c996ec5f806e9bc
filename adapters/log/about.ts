/** Which events are about a holding, and which begin one, in every adapter. */
import { BEGINNING } from "../../core/number/facts.ts";
import type { EventDraft } from "../../core/ports/mod.ts";

const textIn = ({ data }: Pick<EventDraft, "data">, member: string): string | null => {
  if (typeof data !== "object" || data === null || !Object.hasOwn(data, member)) return null;
  const text: unknown = (data as Readonly<Record<string, unknown>>)[member];
  return typeof text === "string" ? text : null;
};

/** The holding that an event is about, or null. */
export const holdingOf = (event: Pick<EventDraft, "data">): string | null =>
  textIn(event, "holding");

/** The number that an organization begins to hold with an event, or null. */
export const begunBy = (event: Pick<EventDraft, "type" | "data">): string | null =>
  BEGINNING.some((type) => type === event.type) ? textIn(event, "e164") : null;
