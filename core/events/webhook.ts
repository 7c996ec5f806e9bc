import * as v from "valibot";
import type { Instant } from "../values/calendar.ts";
import type { Scope } from "../values/claim-key.ts";
import { WholeSchema } from "../values/whole.ts";
import { JsonObjectSchema } from "./number.ts";
import { type DefinitionsOf, type EventOf, firstVersion } from "./definition.ts";

/** How webhooks are signed: by a secret that both sides have, or by one that has a public half. */
export const SIGNATURE_SCHEMES = ["hmac", "ed25519"] as const;
/** One of `SIGNATURE_SCHEMES`. */
export type SignatureScheme = typeof SIGNATURE_SCHEMES[number];

/** Why an endpoint gets nothing: it has said so (410), has failed for days, or is not to. */
export const DISABLED_WHYS = ["gone", "failing", "byOwner"] as const;
/** One of `DISABLED_WHYS`. */
export type DisabledWhy = typeof DISABLED_WHYS[number];

/** What the owner of an endpoint says of it. */
export type WebhookTerms = {
  readonly url: string;
  /** Types of published events; none: all of them. */
  readonly types: readonly string[];
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
};

/** Some of the same. */
export type SomeTerms = {
  readonly [Name in keyof WebhookTerms]?: WebhookTerms[Name] | undefined;
};

/** The data of everything that can happen to a webhook endpoint. */
export type WebhookEventData = {
  WebhookAdded: WebhookTerms & {
    readonly webhook: string;
    readonly scheme: SignatureScheme;
    /** The world whose numbers' events it gets. */
    readonly world: Scope;
    /** The position behind which it begins; null: with what happens from now on, in any log. */
    readonly from: number | null;
  };
  /** What is not there has not changed. */
  WebhookChanged: SomeTerms & { readonly webhook: string };
  /** Its next secret signs; the one before does, too, until a time. */
  WebhookRotated: {
    readonly webhook: string;
    readonly generation: number;
    readonly oldUntil: Instant;
  };
  WebhookDisabled: { readonly webhook: string; readonly why: DisabledWhy };
  WebhookEnabled: { readonly webhook: string };
  WebhookRemoved: { readonly webhook: string };
};

const terms = {
  url: v.string(),
  types: v.array(v.string()),
  description: v.string(),
  // It has nothing but texts, as the caller's is checked where it is given.
  metadata: JsonObjectSchema as v.GenericSchema<WebhookTerms["metadata"]>,
};

const named = { webhook: v.string() };

export const webhookEvents: DefinitionsOf<WebhookEventData> = {
  WebhookAdded: firstVersion(v.object({
    ...named,
    ...terms,
    scheme: v.picklist(SIGNATURE_SCHEMES),
    world: v.picklist(["live", "sandbox", "all"]),
    from: v.nullable(WholeSchema),
  })),
  WebhookChanged: firstVersion(v.object({
    ...named,
    url: v.optional(terms.url),
    types: v.optional(terms.types),
    description: v.optional(terms.description),
    metadata: v.optional(terms.metadata),
  })),
  WebhookRotated: firstVersion(
    v.object({ ...named, generation: WholeSchema, oldUntil: WholeSchema }),
  ),
  WebhookDisabled: firstVersion(v.object({ ...named, why: v.picklist(DISABLED_WHYS) })),
  WebhookEnabled: firstVersion(v.object(named)),
  WebhookRemoved: firstVersion(v.object(named)),
};

/** Anything that can happen to a webhook endpoint. */
export type WebhookEvent = EventOf<WebhookEventData>;
