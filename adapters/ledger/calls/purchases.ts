import * as Effect from "effect/Effect";
import type * as Scope from "effect/Scope";
import type { RequestPurchase } from "../../../core/number/decisions/purchase.ts";
import type { FailureReason } from "../../../core/events/number.ts";
import { notAvailable } from "../../../core/number/refusals.ts";
import { mayBeTriedAgain } from "../../../core/number/stage.ts";
import { requirementsRefused } from "../../../core/number/requirements.ts";
import { type Managed, numbers } from "../../../core/number/state.ts";
import { failed, ok } from "../../../core/values/result.ts";
import type { Market, NumberKind } from "../../../core/ports/carrier.ts";
import type { Caller, CommandOptions, PurchaseInput } from "../api/mod.ts";
import { callCarrier, carrierRefusal } from "../engine/carrier-calls.ts";
import { before, commandIdOf, type Done, executeOnce, factOf } from "../engine/execute.ts";
import { goneView } from "./released-numbers.ts";
import { newOrderKey } from "../engine/installation.ts";
import { orderStep } from "../automations/orders.ts";
import { pursue } from "../automations/pursuit.ts";
import { askRequirements, knownRequirements } from "./requirements.ts";
import { carrierFor, scopeOf } from "../engine/scope.ts";
import { ask, lostToLog, Ports } from "../engine/services.ts";
import { getEligibility, numberAndEligibility } from "./views.ts";

/** The refusal that the caller receives for a failed purchase. */
const failureOf = ({ e164, country, type }: Managed, reason: FailureReason) => {
  switch (reason) {
    case "notAvailable":
      return notAvailable(e164);
    case "paymentDeclined":
      return failed({
        code: "PAYMENT_DECLINED" as const,
        message: "The payment for the phone number was declined, and nothing was ordered; update " +
          "the payment method, then buy again.",
      });
    case "paymentUnknown":
      return failed({
        code: "PAYMENT_UNKNOWN" as const,
        message: "The payment could not be confirmed in time; nothing was ordered, and whatever " +
          "was taken is refunded. Buy again in a few minutes.",
      });
    case "requirementsMissing":
      return requirementsRefused({ country, type });
    case "cancelled":
      return failed({
        code: "PURCHASE_CANCELLED" as const,
        message: `The purchase of the phone number ${e164} was cancelled before the carrier ` +
          "confirmed it, and whatever was taken is refunded; buy it again if it is still wanted.",
      });
    case "refused":
      return carrierRefusal({ kind: "refused" });
    case "unreachable":
      return carrierRefusal({ kind: "unreachable" });
  }
};

const commandOf = Effect.fnUntraced(function* (caller: Caller, input: PurchaseInput) {
  const { ids } = yield* Ports;
  const carrier = yield* carrierFor(caller);
  const command: RequestPurchase = {
    type: "RequestPurchase",
    holding: ids.next("pn"),
    orderKey: yield* newOrderKey,
    e164: input.e164,
    carrier,
    connection: input.connection ?? null,
    routing: {
      direction: input.direction ?? "both",
      label: input.label ?? null,
      template: input.template ?? null,
    },
    assistant: input.assistant ?? null,
    quote: null,
    required: yield* knownRequirements(carrier),
  };
  return command;
});

/** The command with what the carrier quotes for the number now. */
const quoted = Effect.fnUntraced(function* (
  organization: string,
  command: RequestPurchase,
  kind: NumberKind,
) {
  const { carrier: name, e164 } = command;
  const quote = yield* callCarrier(
    name,
    organization,
    "quote",
    (carrier) => carrier.quote(e164, kind),
  );
  if (!quote.ok) return carrierRefusal(quote.error);
  return quote.value?.e164 === e164 ? ok({ ...command, quote: quote.value }) : notAvailable(e164);
});

/** The command with what the carrier requires for numbers of this market. */
const informed = Effect.fnUntraced(function* (
  organization: string,
  command: RequestPurchase,
  market: Market,
) {
  const asked = yield* askRequirements(command.carrier, organization, market);
  return asked.ok ? ok({ ...command, required: [asked.value] }) : asked;
});

/** How often a carrier is asked before a purchase without an order is given up. */
const MOST_ASKED = 4;

/**
 * Requests the purchase. When no offer is fresh enough, once more with what the carrier quotes;
 * when it is not known what the carrier requires, once more with that.
 */
const request = Effect.fnUntraced(function* (
  caller: Caller,
  input: PurchaseInput,
  first: RequestPurchase,
  options: CommandOptions,
) {
  const { organization, actor } = caller;
  const id = commandIdOf(options, input);
  const scope = yield* scopeOf(caller);
  let command = first;
  for (let asked = 0;; asked++) {
    const done = yield* executeOnce({ organization, actor, command, id, scope });
    if (done.ok) return done;
    const { error } = done;
    if (error.code !== "QUOTE_NEEDED" && error.code !== "REQUIREMENTS_UNKNOWN") {
      return failed(error);
    }
    // A command with both is not asked for either, unless they expired meanwhile.
    if (asked === MOST_ASKED) return carrierRefusal({ kind: "unreachable" });
    const next = error.code === "QUOTE_NEEDED"
      ? yield* quoted(organization, command, error.kind)
      : yield* informed(organization, command, error);
    if (!next.ok) return next;
    command = next.value;
  }
});

/**
 * The number that a purchase got: as it is now; or `released`, where it has been released by now (a
 * repeated request of long ago); or as the purchase failed.
 */
const outcomeOf = Effect.fnUntraced(function* (caller: Caller, done: Done, holding: string) {
  const { organization } = caller;
  const known = yield* numberAndEligibility(organization, holding);
  const number = known.number ?? (yield* goneView(organization, holding, before(done)));
  // The places of a released number are those of its world, as the caller's are.
  const eligibility = known.number === null ? yield* getEligibility(caller) : known.eligibility;
  if (number === null || eligibility === null) return yield* lostToLog(`The purchase ${holding}`);
  return { number, eligibility };
});

/** The id of a further try of a request; its ending appears in no id of a caller. */
const idOfTry = (commandId: string, turn: number): string =>
  turn === 0 ? commandId : `${commandId}\u0001${turn}`;

/** The last try of a request whose first is known, found in few reads however many there were. */
const lastTry = Effect.fnUntraced(function* (organization: string, commandId: string) {
  const { log } = yield* Ports;
  const isKnown = (turn: number) =>
    Effect.map(
      ask(() => log.load(organization, { command: idOfTry(commandId, turn) })),
      ({ command }) => command !== null,
    );
  let [known, unknown] = [0, 1];
  while (yield* isKnown(unknown)) [known, unknown] = [unknown, 2 * unknown];
  while (unknown - known > 1) {
    const middle = Math.floor((known + unknown) / 2);
    if (yield* isKnown(middle)) known = middle;
    else unknown = middle;
  }
  return known;
});

/**
 * One try of a purchase. `isOpen`: it was over when this asked, and may be made again; a caller
 * that joins one under way is answered as that ends, and one that dismissed its number does not
 * want it.
 */
const tryPurchase = Effect.fnUntraced(function* (
  scope: Scope.Scope,
  caller: Caller,
  input: PurchaseInput,
  options: CommandOptions,
) {
  const { organization } = caller;
  const command = yield* commandOf(caller, input);
  const { holding: key } = command;
  const itemOf = (holding: string) => ({ organization, kind: numbers.kind, key: holding });
  const begin = Effect.map(request(caller, input, command, options), (asked) => ({
    asked,
    first: asked.ok && !asked.value.repeated ? orderStep(organization, key, true) : null,
  }));
  const asked = yield* pursue(scope, itemOf(key), begin, orderStep(organization, key, false));
  if (!asked.ok) return { answer: asked, isOpen: false, isRepeated: false };
  const isRepeated = asked.value.repeated;
  const holding = factOf(asked.value, "PurchaseRequested")?.data.holding ?? key;
  let isOpen = false;
  if (isRepeated) {
    const found = (yield* numberAndEligibility(organization, holding)).number?.holding;
    isOpen = found?.source === "managed" && mayBeTriedAgain(found.stage);
    const look = orderStep(organization, holding, false);
    yield* pursue(scope, itemOf(holding), Effect.succeed({ asked, first: look }), look);
  }
  const outcome = yield* outcomeOf(caller, asked.value, holding);
  const { holding: bought } = outcome.number;
  if (bought.source === "managed" && bought.stage.status === "failed") {
    return { answer: failureOf(bought, bought.stage.reason), isOpen, isRepeated };
  }
  return { answer: ok(outcome), isOpen: false, isRepeated };
});

/**
 * Buys a number: the intent is written, the carrier is asked for up to the wait budget, and the
 * answer says how far it came. What is not settled by then settles automatically, also when the
 * caller has disconnected: the ordering runs in `scope`, not in the call. A repeated request waits
 * as well, and is tried again where it failed before anything was ordered: the reason may have
 * passed.
 */
export const purchase = Effect.fnUntraced(function* (
  scope: Scope.Scope,
  caller: Caller,
  input: PurchaseInput,
  options: CommandOptions,
) {
  const { commandId, onRepeated } = options;
  if (commandId === undefined) return (yield* tryPurchase(scope, caller, input, {})).answer;
  const inTurn = (turn: number) =>
    tryPurchase(scope, caller, input, { commandId: idOfTry(commandId, turn) });
  let tried = yield* inTurn(0);
  if (tried.isOpen) {
    const last = yield* lastTry(caller.organization, commandId);
    if (last > 0) tried = yield* inTurn(last);
    if (tried.isOpen) tried = yield* inTurn(last + 1);
  }
  if (tried.isRepeated) onRepeated?.();
  return tried.answer;
});
