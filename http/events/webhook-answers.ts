/** What the calls of webhooks answer. */
import * as v from "valibot";
import type { WebhookEndpoint } from "../../adapters/ledger/api/mod.ts";
import { DISABLED_WHYS, SIGNATURE_SCHEMES } from "../../core/events/webhook.ts";
import { PUBLISHED_NAMES } from "../../core/published/types.ts";
import type { DeliveryAttempt } from "../../core/ports/mod.ts";
import { exactTime } from "../../core/values/calendar.ts";
import { type Answer, Id, orNull, Time } from "../answer.ts";

const webhook = {
  id: Id,
  url: v.string(),
  types: v.array(v.picklist(PUBLISHED_NAMES)),
  description: v.string(),
  metadata: v.record(v.string(), v.string()),
  scheme: v.picklist(SIGNATURE_SCHEMES),
  status: v.picklist(["enabled", "disabled"]),
  disabledWhy: orNull(v.picklist(DISABLED_WHYS)),
  createdAt: Time,
};

/** An endpoint for webhooks. */
export const WebhookRecord = v.strictObject(webhook);

/** The same with what is shown once: a repeat under the same key has null in its place. */
export const NewWebhook = v.strictObject({
  ...webhook,
  secret: orNull(v.string()),
  publicKey: orNull(v.string()),
});

/** All endpoints, the earliest first. */
export const WebhookList = v.strictObject({ webhooks: v.array(WebhookRecord) });

/** One attempt to deliver an event. */
export const Delivery = v.strictObject({
  id: Id,
  event: Id,
  organization: Id,
  attempt: v.number(),
  at: Time,
  status: orNull(v.number()),
  failure: orNull(v.string()),
  ms: v.number(),
  answer: v.string(),
});

/** A page of attempts, the latest first; `next` is null on the last. */
export const DeliveryPage = v.strictObject({ deliveries: v.array(Delivery), next: orNull(Id) });

/** That something is done later. */
export const Accepted = v.strictObject({ accepted: v.literal(true) });

/** An endpoint, without its secret. */
export const encodeWebhook = (
  { id, url, types, description, metadata, scheme, disabled, addedAt }: WebhookEndpoint,
): Answer<typeof WebhookRecord> => ({
  id,
  url,
  types: types as Answer<typeof WebhookRecord>["types"],
  description,
  metadata,
  scheme,
  status: disabled === null ? "enabled" : "disabled",
  disabledWhy: disabled?.why ?? null,
  createdAt: exactTime(addedAt),
});

/** An attempt, as it is shown. */
export const encodeDelivery = (
  { id, event, organization, attempt, at, status, failure, ms, answer }: DeliveryAttempt,
): Answer<typeof Delivery> => ({
  id,
  event,
  organization,
  attempt,
  at: exactTime(at),
  status,
  failure,
  ms,
  answer,
});
