/** What the owner of a webhook endpoint does to it, and what its deliveries lead to. */
import type { DisabledWhy, SignatureScheme, SomeTerms, WebhookTerms } from "../events/webhook.ts";
import type { DomainEvent } from "../events/vocabulary.ts";
import { type Context, type Handler, NOTHING, type Refused, sameJson } from "../log/decision.ts";
import {
  type OrganizationUnknown,
  self,
  SELF_ROW,
  unknownOrganization,
} from "../organization/refusals.ts";
import { RECONCILIATIONS } from "../reconciliation/state.ts";
import type { Milliseconds } from "../values/calendar.ts";
import { isWithin, type Scope } from "../values/claim-key.ts";
import { failed, ok } from "../values/result.ts";
import { type WebhookEndpoint, webhookEndpoints } from "./state.ts";

/** So many endpoints an organization has at most, and the operator. */
export const MAX_WEBHOOKS = 20;

/** The caller has no webhook endpoint with this id. */
export type WebhookUnknown = Refused<"WEBHOOK_UNKNOWN">;

/** The organization has as many webhook endpoints as it may. */
export type WebhookLimitReached = Refused<"WEBHOOK_LIMIT_REACHED">;

/** The refusal of a webhook endpoint that the caller does not have. */
export const unknownWebhook = failed<WebhookUnknown>({
  code: "WEBHOOK_UNKNOWN",
  message: "No webhook has this id; it may have been removed.",
});

const tooManyWebhooks = failed<WebhookLimitReached>({
  code: "WEBHOOK_LIMIT_REACHED",
  message: `There are at most ${MAX_WEBHOOKS} webhooks; remove one that is not used.`,
});

/**
 * Whether an endpoint is one of the caller's: of its world. One that gets what happens in all
 * worlds is not the sandbox's, which would learn of live numbers by it.
 */
export const isOwnWebhook = (scope: Scope, { world }: WebhookEndpoint): boolean =>
  world === "all" ? scope !== "sandbox" : isWithin(scope, world);

const rowOf = (key: string) => ({ kind: webhookEndpoints.kind, key });

/** Adds an endpoint. */
export type AddWebhook = WebhookTerms & {
  readonly type: "AddWebhook";
  readonly webhook: string;
  readonly scheme: SignatureScheme;
  readonly world: Scope;
  /** The position behind which it begins; null: with what happens from now on. */
  readonly from: number | null;
};

/**
 * Refused for an unknown organization, and beyond `MAX_WEBHOOKS`. It begins no later than with the
 * next event of its log. The operator's are in the log of the reconciliations, and begin with the
 * first event of every log (0), or with what happens from now on.
 */
export const addWebhook: Handler<AddWebhook, OrganizationUnknown | WebhookLimitReached> = {
  needs: () => ({ rows: [SELF_ROW], kinds: [webhookEndpoints.kind] }),
  decide: (state, { type: _type, ...data }, { organization, actor }) => {
    const isOperators = organization === RECONCILIATIONS && actor.kind === "operator";
    if (!isOperators && self(state) === undefined) return unknownOrganization;
    if (state.get(webhookEndpoints, data.webhook) !== undefined) return ok(NOTHING);
    if (state.all(webhookEndpoints).length >= MAX_WEBHOOKS) return tooManyWebhooks;
    const { position } = state.head;
    const from = isOperators
      ? data.from === 0 ? 0 : null
      : Math.min(data.from ?? position, position);
    return ok([{ type: "WebhookAdded", data: { ...data, from } }]);
  },
};

/** A command to an endpoint, from which this follows; refused where it is not the caller's. */
const toEndpoint = <Command extends { readonly webhook: string }>(
  follows: (
    endpoint: WebhookEndpoint,
    command: Command,
    context: Context,
  ) => DomainEvent | null,
): Handler<Command, WebhookUnknown> => ({
  needs: ({ webhook }) => ({ rows: [rowOf(webhook)] }),
  decide: (state, command, context) => {
    const endpoint = state.get(webhookEndpoints, command.webhook);
    if (endpoint === undefined || !isOwnWebhook(context.scope, endpoint)) return unknownWebhook;
    const event = follows(endpoint, command, context);
    return ok(event === null ? NOTHING : [event]);
  },
});

/** Changes what its owner says of an endpoint; what is not given stays. */
export type ChangeWebhook = SomeTerms & {
  readonly type: "ChangeWebhook";
  readonly webhook: string;
};

/** Says what is another than before; the same again changes nothing. */
export const changeWebhook: Handler<ChangeWebhook, WebhookUnknown> = toEndpoint(
  (endpoint, { type: _type, webhook, ...terms }) => {
    const known: Readonly<Record<string, unknown>> = endpoint;
    const changed = Object.entries(terms).filter(([name, value]) =>
      value !== undefined && !sameJson(known[name], value)
    );
    return changed.length === 0
      ? null
      : { type: "WebhookChanged", data: { webhook, ...Object.fromEntries(changed) } };
  },
);

/** Has the secret of this generation, the next, sign, and for some time the one before it, too. */
export type RotateWebhook = {
  readonly type: "RotateWebhook";
  readonly webhook: string;
  readonly generation: number;
  readonly overlapMs: Milliseconds;
};

/** A generation that there is already changes nothing. */
export const rotateWebhook: Handler<RotateWebhook, WebhookUnknown> = toEndpoint(
  (endpoint, { webhook, generation, overlapMs }, { now }) =>
    generation === endpoint.generation + 1
      ? { type: "WebhookRotated", data: { webhook, generation, oldUntil: now + overlapMs } }
      : null,
);

/** Sends nothing more to an endpoint. */
export type DisableWebhook = {
  readonly type: "DisableWebhook";
  readonly webhook: string;
  readonly why: DisabledWhy;
};

/** One that is disabled stays so, for the reason that it has. */
export const disableWebhook: Handler<DisableWebhook, WebhookUnknown> = toEndpoint((
  { disabled },
  { webhook, why },
) => disabled === null ? { type: "WebhookDisabled", data: { webhook, why } } : null);

/** Sends to an endpoint again, from where it stopped. */
export type EnableWebhook = { readonly type: "EnableWebhook"; readonly webhook: string };

/** One that is enabled stays so. */
export const enableWebhook: Handler<EnableWebhook, WebhookUnknown> = toEndpoint((
  { disabled },
  { webhook },
) => disabled === null ? null : { type: "WebhookEnabled", data: { webhook } });

/** Removes an endpoint, with its secrets. */
export type RemoveWebhook = { readonly type: "RemoveWebhook"; readonly webhook: string };

export const removeWebhook: Handler<RemoveWebhook, WebhookUnknown> = toEndpoint((
  _endpoint,
  { webhook },
) => ({
  type: "WebhookRemoved",
  data: { webhook },
}));
