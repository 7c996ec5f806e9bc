/** What the calls about webhook endpoints may be given. */
import * as v from "valibot";
import { SIGNATURE_SCHEMES } from "../../../core/events/webhook.ts";
import { PUBLISHED_NAMES, type PublishedName } from "../../../core/published/types.ts";
import { DAY_MS, type Milliseconds } from "../../../core/values/calendar.ts";
import { oneOf } from "../../../core/values/choice.ts";
import { isFit, isJsonObject } from "../../../core/values/text.ts";
import { CHARACTERS, hasAtMost, textOf } from "../../validation/bounds.ts";
import { exactly, whole } from "../../validation/shapes.ts";
import type { RotationOptions, WebhookChange, WebhookInput } from "../api/webhooks.ts";
import { repeating } from "./mod.ts";

/** How much metadata an endpoint may have. */
const METADATA = { entries: 20, name: 40, text: 500 } as const;

/** For how long the secret before may sign, too. */
const MAX_OVERLAP_MS: Milliseconds = 7 * DAY_MS;

const isMetadata = (value: unknown): value is Record<string, string> =>
  isJsonObject(value) && Object.keys(value).length <= METADATA.entries &&
  Object.entries(value).every(([name, text]) =>
    name !== "" && name !== "__proto__" && isFit(name) && hasAtMost(name, METADATA.name) &&
    typeof text === "string" && isFit(text) && hasAtMost(text, METADATA.text)
  );

// Not v.record: it leaves out keys such as "constructor".
const metadata = v.pipe(
  v.custom<Record<string, string>>(
    isMetadata,
    `must be an object of at most ${METADATA.entries} texts of at most ${METADATA.text} ` +
      `characters, under names of at most ${METADATA.name}`,
  ),
  v.transform((given) => ({ ...given })),
);

const types = v.pipe(
  v.array(oneOf(PUBLISHED_NAMES)),
  v.maxLength(PUBLISHED_NAMES.length, "must name each type once"),
  v.transform((names): readonly PublishedName[] => [...new Set(names)]),
);

const url = v.string("must be a string");

const terms = {
  types: v.optional(types),
  description: v.optional(textOf(CHARACTERS.title)),
  metadata: v.optional(metadata),
};

/** The arguments of `webhooks`; the ledger judges their URLs. */
export const webhook: v.GenericSchema<WebhookInput> = exactly({
  url,
  ...terms,
  scheme: v.optional(oneOf(SIGNATURE_SCHEMES)),
  from: v.optional(whole(0, Number.MAX_SAFE_INTEGER)),
});

export const webhookChange: v.GenericSchema<WebhookChange> = exactly({
  url: v.optional(url),
  ...terms,
});

export const rotation: v.GenericSchema<RotationOptions | undefined> = v.optional(exactly({
  ...repeating,
  overlapMs: v.optional(whole(0, MAX_OVERLAP_MS)),
}));
