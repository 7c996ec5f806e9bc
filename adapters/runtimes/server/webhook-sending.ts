/** What sends webhooks on servers that listen; a worker does without. */
import type { LedgerOptions } from "../../ledger/api/options.ts";
import { openWebhookSender } from "../../webhooks/node/sender.ts";
import { urlFaultOf } from "../../webhooks/target.ts";
import type { Settings } from "./settings.ts";

/** What sends webhooks: to public addresses only, unless the settings allow others. */
export const openSending = (
  { privateWebhooks, webhookProxy: proxy }: Settings,
): NonNullable<LedgerOptions["webhooks"]> => {
  const allowsPrivate = privateWebhooks === "on";
  return {
    sender: openWebhookSender({ allowsPrivate, proxy }),
    urlFault: urlFaultOf({ allowsPrivate }),
  };
};
