/** What sends webhooks on servers that listen; a worker does without. */
import { VERSION } from "../../../http/version.ts";
import type { LedgerOptions } from "../../ledger/api/options.ts";
import { openWebhookSender } from "../../webhooks/node/sender.ts";
import { urlFaultOf } from "../../webhooks/target.ts";
import type { Settings } from "./settings.ts";

type Webhooks = NonNullable<LedgerOptions["webhooks"]>;

/** What a ledger sends webhooks by, and what ends it once the ledger is closed. */
export type Sending = { readonly webhooks: Webhooks; readonly close: () => void };

/**
 * Opens what sends webhooks: to public addresses only, unless the settings allow others. What the
 * program has brought (`own`) takes precedence.
 */
export const openSending = (
  { privateWebhooks, webhookProxy: proxy }: Settings,
  own: Webhooks = {},
): Sending => {
  const allowsPrivate = privateWebhooks === "on";
  const userAgent = `ledgerline/${VERSION}`;
  const sender = openWebhookSender({ allowsPrivate, proxy, userAgent });
  return {
    webhooks: { sender, urlFault: urlFaultOf({ allowsPrivate }), ...own },
    close: sender.close,
  };
};
