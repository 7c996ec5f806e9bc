/** The endpoints of webhooks, folded from their events; `decisions.ts` decides them. */
import type { FactOf, TypeWith } from "../events/vocabulary.ts";
import type {
  DisabledWhy,
  SignatureScheme,
  WebhookEventData,
  WebhookTerms,
} from "../events/webhook.ts";
import type { Subject } from "../log/state.ts";
import type { Instant } from "../values/calendar.ts";
import type { Scope } from "../values/claim-key.ts";
import { unreachable } from "../values/unreachable.ts";

/**
 * Where published events are sent to. Its secrets are in no log: each follows from its id and its
 * generation.
 */
export type WebhookEndpoint = WebhookTerms & {
  readonly id: string;
  readonly scheme: SignatureScheme;
  /** The world whose numbers' events it gets. */
  readonly world: Scope;
  /** The position behind which it begins; null: with what happened after `addedAt`. */
  readonly from: number | null;
  readonly addedAt: Instant;
  /** Counts its secrets, from 1 on. */
  readonly generation: number;
  /** Until when the secret before signs, too; null where there is none before. */
  readonly oldUntil: Instant | null;
  /** Since when it gets nothing, and why; null where it does. */
  readonly disabled: { readonly why: DisabledWhy; readonly at: Instant } | null;
};

type WebhookType = TypeWith<{ readonly webhook: string }>;

const idOf = ({ data }: FactOf<WebhookType>): readonly string[] => [data.webhook];

/** The endpoints of an organization, or of the operator, by id. */
export const webhookEndpoints: Subject<WebhookEndpoint, WebhookType> = {
  kind: "webhookEndpoint",
  keys: {
    WebhookAdded: idOf,
    WebhookChanged: idOf,
    WebhookRotated: idOf,
    WebhookDisabled: idOf,
    WebhookEnabled: idOf,
    WebhookRemoved: idOf,
  },
  evolve: (row, event) => {
    const { webhook: id, ...data } = event.data;
    switch (event.type) {
      case "WebhookAdded":
        return {
          ...data as Omit<WebhookEventData["WebhookAdded"], "webhook">,
          id,
          addedAt: event.at,
          generation: 1,
          oldUntil: null,
          disabled: null,
        };
      case "WebhookChanged":
      case "WebhookRotated":
        return row && { ...row, ...data as Partial<WebhookEndpoint> };
      case "WebhookDisabled":
        return row && { ...row, disabled: { why: event.data.why, at: event.at } };
      case "WebhookEnabled":
        return row && { ...row, disabled: null };
      case "WebhookRemoved":
        return undefined;
      default:
        return unreachable(event);
    }
  },
};
