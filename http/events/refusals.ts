/** What is answered where a cursor, an endpoint or a delivery is refused. */
import type { ArgumentInvalid, CommandIdReused } from "../../adapters/ledger/api/mod.ts";
import type {
  DeliveryUnknown,
  TooManyPending,
  WebhooksNotSupported,
} from "../../adapters/ledger/api/webhooks.ts";
import { ForkedLog } from "../../adapters/ledger/feed/cursor.ts";
import type { RefusalOf } from "../../core/registry/commands.ts";
import { failed, ok, type Result } from "../../core/values/result.ts";
import type { AddWebhook, ChangeWebhook } from "../../core/webhooks/decisions.ts";
import type { Failure } from "../dialect.ts";
import { invalidProblem, messageOf } from "../errors.ts";

type Refusal =
  | RefusalOf<AddWebhook | ChangeWebhook>
  | ArgumentInvalid
  | CommandIdReused
  | DeliveryUnknown
  | TooManyPending
  | WebhooksNotSupported;

const STATUS: Readonly<Record<Exclude<Refusal["code"], "INVALID_ARGUMENT">, Failure["status"]>> = {
  ORGANIZATION_UNKNOWN: 404,
  WEBHOOK_UNKNOWN: 404,
  WEBHOOK_LIMIT_REACHED: 403,
  WEBHOOKS_NOT_SUPPORTED: 503,
  DELIVERY_UNKNOWN: 404,
  DELIVERIES_PENDING: 409,
  COMMAND_ID_REUSED: 422,
};

/** The failure for a refusal. */
export const refused = (refusal: Refusal) => {
  const { code } = refusal;
  if (code !== "INVALID_ARGUMENT") {
    return failed<Failure>({ status: STATUS[code], code, message: messageOf(refusal) });
  }
  // The first part is what the ledger calls the argument.
  const path = refusal.path.slice(refusal.path.indexOf(".") + 1);
  const words = refusal.message.slice(refusal.path.length + 1);
  return failed<Failure>(invalidProblem({ [path]: [words] }));
};

/** The log is not the one that was followed. */
export const forked = (error: ForkedLog): Failure => ({
  status: 409,
  code: "FEED_FORKED",
  message: `after is of another log: ${error.message}.`,
});

/** What is read from a cursor on, or the refusal of one that is of another log. */
export const unlessForked = async <Value>(
  read: Promise<Value>,
): Promise<Result<Value, Failure>> => {
  try {
    return ok(await read);
  } catch (error) {
    if (error instanceof ForkedLog) return failed(forked(error));
    throw error;
  }
};
