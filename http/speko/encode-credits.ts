/** Speko's entries of the credit ledger, as its client libraries read them. */
import type { CreditEntry, CreditReason } from "../../core/organization/credits.ts";
import { isoTime } from "../../core/values/calendar.ts";
import type { Answer } from "../answer.ts";
import type { Entry } from "./answers.ts";

/** Speko's kind of a movement, and the unit it was measured in; numbers are bought and renewed. */
const KINDS: Readonly<
  Record<CreditReason, Pick<Answer<typeof Entry>, "kind" | "metric">>
> = {
  added: { kind: "topup", metric: null },
  purchase: { kind: "debit", metric: "phone_number_purchase" },
  renewal: { kind: "debit", metric: "phone_number_renewal" },
  refund: { kind: "refund", metric: "phone_number_purchase" },
};

/**
 * An entry. The amount is a string, so that no client rounds it, with a minus for what was taken.
 * `provider` and `sessionId` belong to calls, which we do not have; `phoneNumberId` is our
 * addition.
 */
export const encodeEntry = (
  { id, reason, amount, holding, at }: CreditEntry,
): Answer<typeof Entry> => ({
  id: `ce_${id}`,
  ...KINDS[reason],
  amountMicroUsd: String(amount.micros),
  provider: null,
  sessionId: null,
  createdAt: isoTime(at),
  phoneNumberId: holding,
});
