/** Events as receivers get them: by webhook, and by the feed. */
import type { PublishedEvent } from "../../../core/published/types.ts";
import { isJsonObject } from "../../../core/values/text.ts";

/**
 * An event of the ledger. A later version may send types that this one does not know: a `switch`
 * over `type` needs a default.
 */
export type WebhookEvent = PublishedEvent & {
  /** Its place in its organization's feed, where it is known. */
  readonly cursor?: string | undefined;
};

const TEXTS = ["id", "type", "at", "organization", "subject"] as const;

/** The event that a text of JSON is; null where it is something else. */
export const eventOf = (text: string): WebhookEvent | null => {
  try {
    const json: unknown = JSON.parse(text);
    if (!isJsonObject(json) || !isJsonObject(json["data"])) return null;
    const isWhole = TEXTS.every((name) => typeof json[name] === "string" && json[name] !== "");
    const cursor = json["cursor"];
    if (!isWhole || !(cursor === undefined || typeof cursor === "string")) return null;
    // Who signs it is the ledger, whose types these are.
    return json as unknown as WebhookEvent;
  } catch {
    return null;
  }
};
