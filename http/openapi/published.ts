/** Published events as documents have them: for receivers, who take what they do not know. */
import * as v from "valibot";
import { PUBLISHED, type PublishedName } from "../../core/published/types.ts";
import { Cursor, eventEntries } from "../events/event.ts";
import { EXAMPLES } from "../events/examples.ts";
import { describe, type Described } from "./json-schema.ts";

/** A schema that allows further members: types may get some, and receivers must not break. */
const open = (schema: Described): Described => {
  const { additionalProperties: _, properties, ...rest } = schema;
  if (properties === undefined) return rest;
  const members = Object.entries(properties).map(([name, member]) => [
    name,
    typeof member === "object" ? open(member) : member,
  ]);
  return { ...rest, properties: Object.fromEntries(members) };
};

/** The JSON Schema of an event of a type; its `cursor` is there where it comes by the feed. */
export const describeEvent = (type: PublishedName): Described =>
  open(describe(v.object({ ...eventEntries(type), cursor: v.exactOptional(Cursor) }), {}));

/** The sentence about a type, and an example of it. */
export const aboutEvent = (type: PublishedName) => ({
  says: PUBLISHED[type].says,
  example: EXAMPLES[type],
});

/** Standard Webhooks' headers: their descriptions and schemas, by name. */
export const SIGNED_HEADERS = {
  "webhook-id": {
    description: "The event's id: the same each time that it is sent.",
    schema: { type: "string", pattern: "^ev_[0-9a-f]{32}$" },
  },
  "webhook-timestamp": {
    description: "When this attempt was signed, in seconds since 1970.",
    schema: { type: "string", pattern: "^[0-9]{1,16}$" },
  },
  "webhook-signature": {
    description: "Signatures with spaces between them, by HMAC-SHA256 (v1,) or Ed25519 (v1a,).",
    schema: { type: "string", minLength: 1 },
  },
} as const;
