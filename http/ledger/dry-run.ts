/** The call that tells what a command would do, and does nothing. */
import type { DryPurchase, DryRun } from "../../adapters/ledger/api/mod.ts";
import { formatMoney } from "../../core/values/money.ts";
import { failed, ok } from "../../core/values/result.ts";
import type { Answer } from "../answer.ts";
import type { Call, Outcome, Route } from "../dialect.ts";
import { encodeProblem } from "../errors.ts";
import type { DryRunRecord } from "./dry-run-answers.ts";
import { DryRunBody } from "./dry-run-schemas.ts";
import { encodeDraft } from "./encode.ts";
import { encodeEligibility } from "./encode-organization.ts";
import { refused } from "./refusals.ts";

/** What a purchase would cost, in decimal strings of dollars, and the places before and after. */
const encodePurchase = (
  { setup, monthly, paidFrom, debited, eligibility }: DryPurchase,
): Answer<typeof DryRunRecord>["purchase"] => ({
  setupUsd: formatMoney(setup),
  monthlyUsd: formatMoney(monthly),
  paidFrom,
  debitedUsd: formatMoney(debited),
  eligibility: {
    before: encodeEligibility(eligibility.before),
    after: encodeEligibility(eligibility.after),
  },
});

const encodeDryRun = ({ events, purchase }: DryRun): Answer<typeof DryRunRecord> => ({
  accepted: true,
  events: events.map(encodeDraft),
  purchase: purchase === null ? null : encodePurchase(purchase),
  refusal: null,
});

/**
 * 200 `{"accepted", "events", "purchase", "refusal"}`: the events that the command would add, or
 * the problem by which it would be refused, as the body that its own call answers. One of a
 * purchase counts as a search.
 */
const dryRun = async ({ ledger, caller, body, countSearch }: Call): Promise<Outcome> => {
  const input = await body(DryRunBody);
  if (!input.ok) return input;
  const { command } = input.value;
  // The carrier may be asked for a price, which costs nothing and so would have no other bound.
  const counted = command.call === "purchase" ? await countSearch() : ok(null);
  if (!counted.ok) return counted;
  const told = await ledger.dryRun(caller, command);
  if (told.ok) return ok({ status: 200, body: encodeDryRun(told.value) });
  const { error } = refused(told.error);
  // What the ledger does not take of the command is wrong with this call itself.
  if (told.error.code === "INVALID_ARGUMENT") return failed(error);
  const { body: refusal } = encodeProblem(error);
  return ok({ status: 200, body: { accepted: false, events: [], purchase: null, refusal } });
};

export const dryRunRoutes: readonly Route[] = [
  { method: "POST", path: "/ledger/dry-run", readsOnly: true, handle: dryRun },
];
