/** The AsyncAPI document (3.0) of published events: by the feed, and by webhook. */
import { PUBLISHED_NAMES, type PublishedName } from "../../core/published/types.ts";
import { EventsQuery } from "../events/schemas.ts";
import { describeInput } from "./json-schema.ts";
import { aboutEvent, describeEvent, SIGNED_HEADERS } from "./published.ts";

const messageOf = (type: PublishedName) => {
  const { says, example } = aboutEvent(type);
  return {
    name: type,
    title: type,
    summary: says,
    contentType: "application/json",
    payload: { $ref: `#/components/schemas/${type}` },
    examples: [{ name: "example", payload: example }],
  };
};

const byType = <Value>(make: (type: PublishedName) => Value): Readonly<Record<string, Value>> =>
  Object.fromEntries(PUBLISHED_NAMES.map((type) => [type, make(type)]));

const SIGNED = {
  type: "object",
  required: Object.keys(SIGNED_HEADERS),
  properties: Object.fromEntries(
    Object.entries(SIGNED_HEADERS).map(([name, { description, schema }]) => [
      name,
      { description, ...schema },
    ]),
  ),
};

const CHANNELS = {
  feed: {
    address: "/ledger/events",
    title: "The feed",
    description: "The events of one organization, in order and without a gap: pages, waited for " +
      "where wait is given, or server-sent events where Accept is text/event-stream. The cursor " +
      "of an event is what to ask for after. With envelope=cloudevents each event is in the " +
      "envelope of CloudEvents 1.0, with the same data.",
    servers: [{ $ref: "#/servers/ledger" }],
    messages: byType((type) => ({ $ref: `#/components/messages/${type}` })),
  },
  webhooks: {
    address: null,
    title: "Webhooks",
    description: "The same events, posted to the endpoints of the organization and signed by " +
      "Standard Webhooks: at least once, and in order for each number.",
    messages: byType((type) => ({ $ref: `#/components/messages/webhook.${type}` })),
  },
};

const operationOf = (channel: keyof typeof CHANNELS, summary: string, http: object) => ({
  action: "send",
  channel: { $ref: `#/channels/${channel}` },
  summary,
  bindings: { http: { ...http, bindingVersion: "0.3.0" } },
});

/** The document of the events that leave the ledger, for receivers and their generators. */
export const asyncDocumentOf = (version: string) => ({
  asyncapi: "3.0.0",
  info: {
    title: "Ledgerline's events",
    description:
      "What happened to an organization's numbers. Events are thin: ids, what changed, " +
      "and the path where the rest is read. New types and members come unannounced.",
    version,
    license: { name: "Apache 2.0" },
  },
  defaultContentType: "application/json",
  servers: {
    ledger: {
      host: "{host}",
      protocol: "https",
      description: "The server that this document was read from.",
      variables: { host: { default: "localhost", description: "Its host, and its port if any." } },
      security: [{ $ref: "#/components/securitySchemes/bearer" }],
    },
  },
  channels: CHANNELS,
  operations: {
    followEvents: operationOf("feed", "Give the events to those who ask for them.", {
      method: "GET",
      query: describeInput(EventsQuery),
    }),
    sendWebhooks: operationOf("webhooks", "Post each event to the endpoints that want it.", {
      method: "POST",
    }),
  },
  components: {
    securitySchemes: {
      bearer: {
        type: "http",
        scheme: "bearer",
        description: "A token of one organization, or the operator's.",
      },
    },
    schemas: { ...byType(describeEvent), "webhook.headers": SIGNED },
    messages: {
      ...byType(messageOf),
      ...Object.fromEntries(PUBLISHED_NAMES.map((type) => [`webhook.${type}`, {
        ...messageOf(type),
        headers: { $ref: "#/components/schemas/webhook.headers" },
      }])),
    },
  },
});
