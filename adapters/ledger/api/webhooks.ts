/** What the calls about webhook endpoints take and answer. */
import type { SignatureScheme } from "../../../core/events/webhook.ts";
import type { Refused } from "../../../core/log/decision.ts";
import type { PublishedName } from "../../../core/published/types.ts";
import type { RefusalOf } from "../../../core/registry/commands.ts";
import type { DeliveryAttempt } from "../../../core/ports/mod.ts";
import type { Instant, Milliseconds } from "../../../core/values/calendar.ts";
import type {
  AddWebhook,
  ChangeWebhook,
  DisableWebhook,
  EnableWebhook,
  RemoveWebhook,
  RotateWebhook,
  WebhookUnknown,
} from "../../../core/webhooks/decisions.ts";
import type { WebhookEndpoint } from "../../../core/webhooks/state.ts";
import type { Answer, Caller, CommandOptions, RepeatableAnswer } from "./caller.ts";

export type { DisabledWhy, SignatureScheme, WebhookTerms } from "../../../core/events/webhook.ts";
export type { WebhookEndpoint } from "../../../core/webhooks/state.ts";

/** An endpoint that is to be added. */
export type WebhookInput = {
  /** Begins with `https://`, without user or password; at most 2,000 characters. */
  readonly url: string;
  /** What it is sent; everything where this is left out, or empty. */
  readonly types?: readonly PublishedName[] | undefined;
  /** At most 500 characters. */
  readonly description?: string | undefined;
  /** At most 20 texts of at most 500 characters, under names of at most 40. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** `hmac` by default. */
  readonly scheme?: SignatureScheme | undefined;
  /**
   * The position in the organization's log behind which it begins, 0 for its beginning; with what
   * happens from now on where it is left out. An endpoint of the operator takes 0 alone.
   */
  readonly from?: number | undefined;
};

/** What of an endpoint is changed; what is left out stays. */
export type WebhookChange = Pick<WebhookInput, "types" | "description" | "metadata"> & {
  readonly url?: string | undefined;
};

/** How long the secret before signs, too: 24 hours by default, 7 days at most, 0 for not at all. */
export type RotationOptions = CommandOptions & { readonly overlapMs?: Milliseconds | undefined };

/** An endpoint with what is shown once: by a repeat, both are null. */
export type WebhookWithSecret = {
  readonly webhook: WebhookEndpoint;
  /** `whsec_…`, where both sides have it (`hmac`). */
  readonly secret: string | null;
  /** `whpk_…`, of which the ledger has the other half (`ed25519`). */
  readonly publicKey: string | null;
};

/** The ledger has no key that secrets could follow from: its log keeps nothing of deliveries. */
export type WebhooksNotSupported = Refused<"WEBHOOKS_NOT_SUPPORTED">;

export type DeliveriesPage = {
  /** The `next` of an earlier page. */
  readonly after?: string | undefined;
  /** At most so many; 100 by default, which is also the most. */
  readonly limit?: number | undefined;
  /** Only attempts of this published event. */
  readonly event?: string | undefined;
  /** Only those that were taken, or only those that were not. */
  readonly isDelivered?: boolean | undefined;
};

export type DeliveryList = {
  readonly attempts: readonly DeliveryAttempt[];
  /** What to give as `after` for those before; null on the last page. */
  readonly next: string | null;
};

/** The endpoint was sent nothing under this id in the last 30 days. */
export type DeliveryUnknown = Refused<"DELIVERY_UNKNOWN">;

/** Too much waits to be sent again already. */
export type TooManyPending = Refused<"DELIVERIES_PENDING">;

/**
 * From where on: `after` is a cursor of the organization's feed, which an endpoint of the operator
 * does not take; `failedSince` is a time.
 */
export type ReplayFrom = { readonly after: string } | { readonly failedSince: Instant };

/** Why nothing is sent again. */
export type ReplayRefusal = WebhookUnknown | TooManyPending | WebhooksNotSupported;

/**
 * Endpoints of webhooks: those of the caller's organization, and of a token of the sandbox those of
 * the sandbox alone. The operator's own, which get the events of all organizations, are those of an
 * operator as the caller with the organization `ledgerline:reconciliations`. A worker lacks
 * these calls.
 */
export interface WebhookCalls {
  /**
   * Adds an endpoint, and gives its secret, which no other call shows.
   *
   * @example
   * ```ts
   * const input = { url: "https://example.com/hook", types: ["number.purchased"] } as const;
   * const added = await ledger.webhooks.add(alice, input, { commandId: "hook-1" });
   * if (added.ok) console.log(added.value.webhook.id, added.value.secret);
   * ```
   */
  add(
    caller: Caller,
    input: WebhookInput,
    options?: CommandOptions,
  ): RepeatableAnswer<WebhookWithSecret, RefusalOf<AddWebhook> | WebhooksNotSupported>;
  /**
   * All of them, the earliest first: at most 20.
   *
   * @example
   * ```ts
   * for (const { id, url, disabled } of await ledger.webhooks.list(alice)) {
   *   console.log(id, url, disabled?.why ?? "enabled");
   * }
   * ```
   */
  list(caller: Caller): Promise<readonly WebhookEndpoint[]>;
  /**
   * One of them by its id; null for one that the caller does not have.
   *
   * @example
   * ```ts
   * const webhook = await ledger.webhooks.get(alice, "wh_…");
   * ```
   */
  get(caller: Caller, id: string): Promise<WebhookEndpoint | null>;
  /**
   * Changes what is given of it, from the next delivery on.
   *
   * @example
   * ```ts
   * const changed = await ledger.webhooks.change(alice, "wh_…", { types: [] });
   * ```
   */
  change(
    caller: Caller,
    id: string,
    input: WebhookChange,
  ): Answer<WebhookEndpoint, RefusalOf<ChangeWebhook>>;
  /**
   * Has another secret sign, and gives it. For a while the one before signs, too, so that the
   * receiver can change over.
   *
   * @example
   * ```ts
   * const rotated = await ledger.webhooks.rotate(alice, "wh_…", { overlapMs: 3_600_000 });
   * if (rotated.ok) console.log(rotated.value.secret);
   * ```
   */
  rotate(
    caller: Caller,
    id: string,
    options?: RotationOptions,
  ): RepeatableAnswer<WebhookWithSecret, RefusalOf<RotateWebhook> | WebhooksNotSupported>;
  /**
   * Sends nothing more to it, until it is enabled.
   *
   * @example
   * ```ts
   * const disabled = await ledger.webhooks.disable(alice, "wh_…");
   * ```
   */
  disable(caller: Caller, id: string): Answer<WebhookEndpoint, RefusalOf<DisableWebhook>>;
  /**
   * Sends to it again, from where it stopped.
   *
   * @example
   * ```ts
   * const enabled = await ledger.webhooks.enable(alice, "wh_…");
   * ```
   */
  enable(caller: Caller, id: string): Answer<WebhookEndpoint, RefusalOf<EnableWebhook>>;
  /**
   * Removes it, with its secrets and with what waited for it. Its attempts are kept for 30 days.
   *
   * @example
   * ```ts
   * const removed = await ledger.webhooks.remove(alice, "wh_…");
   * ```
   */
  remove(caller: Caller, id: string): Answer<null, RefusalOf<RemoveWebhook>>;
  /**
   * What was sent to it in the last 30 days, and what came of it, the latest first; null for one
   * that the caller does not have.
   *
   * @example
   * ```ts
   * const failed = await ledger.webhooks.deliveries(alice, "wh_…", { isDelivered: false });
   * for (const { event, status, at } of failed?.attempts ?? []) console.log(event, status, at);
   * ```
   */
  deliveries(caller: Caller, id: string, page?: DeliveriesPage): Promise<DeliveryList | null>;
  /**
   * Sends the event of an attempt again, now.
   *
   * @example
   * ```ts
   * const again = await ledger.webhooks.redeliver(alice, "wh_…", "ev_….0b91ff3c2a7d");
   * ```
   */
  redeliver(
    caller: Caller,
    id: string,
    attempt: string,
  ): Answer<null, ReplayRefusal | DeliveryUnknown>;
  /**
   * Sends it again what happened after a place in a feed, or what it did not take since a time.
   *
   * @example
   * ```ts
   * const replayed = await ledger.webhooks.replay(alice, "wh_…", { after: "0" });
   * ```
   */
  replay(caller: Caller, id: string, from: ReplayFrom): Answer<null, ReplayRefusal>;
  /**
   * Sends it an event of the type `webhook.test`, which is in no log, and gives what came of it.
   *
   * @example
   * ```ts
   * const tested = await ledger.webhooks.test(alice, "wh_…");
   * if (tested.ok) console.log(tested.value.status);
   * ```
   */
  test(caller: Caller, id: string): Answer<DeliveryAttempt, WebhookUnknown | WebhooksNotSupported>;
}
