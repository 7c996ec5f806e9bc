/** Adds prepaid credits, and pays the charges that wait for them. */
import type { Context, Decision, Handler } from "../log/decision.ts";
import type { DomainEvent } from "../events/vocabulary.ts";
import type { State } from "../log/state.ts";
import { charges, nextChargeOf } from "../number/charges.ts";
import { ALL_NUMBERS } from "../number/decisions/needs.ts";
import { isFree, isRented, renewed } from "../number/decisions/renewal.ts";
import { isUnpaid } from "../number/stage.ts";
import { numbers } from "../number/state.ts";
import { paymentOf } from "../organization/payment.ts";
import { planOf } from "../organization/plans.ts";
import { type OrganizationRefusal, self, unknownOrganization } from "../organization/refusals.ts";
import { formatMoney, minus, type Money, money, plus } from "../values/money.ts";
import { failed, ok } from "../values/result.ts";

type Refusal<Code extends OrganizationRefusal["code"]> = Extract<
  OrganizationRefusal,
  { code: Code }
>;

/** Adds prepaid credits. */
export type AddCredits = { readonly type: "AddCredits"; readonly amount: Money };

/** Credits beyond this many micros could not be counted exactly. */
const MAX_CREDITS_MICROS = Number.MAX_SAFE_INTEGER / 2;

const decideCredits = (
  state: State,
  { amount }: AddCredits,
  context: Context,
): Decision<Refusal<"ORGANIZATION_UNKNOWN" | "CREDITS_EXCEEDED">> => {
  const organization = self(state);
  if (organization === undefined) return unknownOrganization;
  let credits = plus(organization.credits, amount);
  if (credits.micros > MAX_CREDITS_MICROS) {
    const most = formatMoney(money(Math.floor(MAX_CREDITS_MICROS)));
    const message = `The credits would exceed ${most} USD; add a smaller amount.`;
    return failed({ code: "CREDITS_EXCEEDED", message });
  }
  const events: DomainEvent[] = [{ type: "CreditsAdded", data: { amount } }];
  const plan = planOf(context.plans, organization);
  if (paymentOf(plan) !== "credits") return ok(events);
  const waiting = state.all(numbers)
    .filter((number) => number.source === "managed")
    .filter(isRented)
    .filter((number) => !isFree(number, context))
    .filter((number) => isUnpaid(number.stage) && number.stage.term.autoRenewal)
    // A charge that may have been taken is settled first; it pays for the same period.
    .filter((number) => nextChargeOf(state, number) === undefined)
    .sort((a, b) => a.stage.term.endsAt - b.stage.term.endsAt || (a.id < b.id ? -1 : 1));
  for (const number of waiting) {
    if (credits.micros < number.monthly.micros) continue;
    credits = minus(credits, number.monthly);
    events.push(...renewed(number, organization, plan, context.now, "credits"));
  }
  return ok(events);
};

/** Charges and reinstates numbers that rest for want of credits, the longest due first. */
export const addCredits: Handler<
  AddCredits,
  Refusal<"ORGANIZATION_UNKNOWN" | "CREDITS_EXCEEDED">
> = {
  needs: () => ({ rows: ALL_NUMBERS.rows, kinds: [...ALL_NUMBERS.kinds, charges.kind] }),
  decide: decideCredits,
};
