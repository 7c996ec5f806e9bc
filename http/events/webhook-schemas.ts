/** What the clients of webhooks may send. */
import * as v from "valibot";
import { wholeText } from "../../adapters/validation/shapes.ts";
import { IdSchema } from "../../adapters/validation/values.ts";
import { SIGNATURE_SCHEMES } from "../../core/events/webhook.ts";
import { PUBLISHED_NAMES } from "../../core/published/types.ts";
import { onlyThese } from "../object.ts";
import { TimeSchema } from "../time.ts";

const NAMES = "must be types of events";

const Types = v.pipe(
  v.array(v.picklist(PUBLISHED_NAMES, NAMES), NAMES),
  v.maxLength(PUBLISHED_NAMES.length, "must name each type once"),
);

const Text = v.string("must be a string");
const Metadata = v.record(v.string(), Text, "must be an object of strings");

const terms = {
  types: v.exactOptional(Types),
  description: v.exactOptional(Text),
  metadata: v.exactOptional(Metadata),
};

/** `after` is a cursor of the feed; what happens from now on is sent where it is left out. */
export const WebhookBody = onlyThese({
  url: Text,
  ...terms,
  scheme: v.exactOptional(v.picklist(SIGNATURE_SCHEMES, "must be hmac or ed25519")),
  after: v.exactOptional(Text),
});

export const WebhookChangeBody = onlyThese({
  url: v.exactOptional(Text),
  ...terms,
  status: v.exactOptional(v.picklist(["enabled", "disabled"], "must be enabled or disabled")),
});

const SECONDS = "must be a whole number of seconds, up to 7 days";

/** For how long the secret before signs, too: for a day where it is left out. */
export const RotationBody = onlyThese({
  overlapSeconds: v.exactOptional(
    v.pipe(
      v.number(SECONDS),
      v.safeInteger(SECONDS),
      v.minValue(0, SECONDS),
      v.maxValue(604_800, SECONDS),
    ),
  ),
});

/** From where on, or since when, events are sent again. */
export const ReplayBody = v.union(
  [onlyThese({ after: Text }), onlyThese({ failedSince: TimeSchema })],
  "must have after, a cursor of the feed, or failedSince, a time",
);

export const DeliveriesQuery = v.object({
  after: v.exactOptional(v.string()),
  limit: v.exactOptional(wholeText(1, 100)),
  event: v.exactOptional(IdSchema),
  outcome: v.exactOptional(
    v.picklist(["delivered", "failed"], "must be delivered or failed"),
  ),
});
