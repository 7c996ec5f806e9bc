import * as Effect from "effect/Effect";
import type * as Scope from "effect/Scope";
import { confirmationNeeds } from "../../../core/number/decisions/purchase.ts";
import type { FailureReason } from "../../../core/events/number.ts";
import { notAvailable } from "../../../core/number/refusals.ts";
import { mayBeTriedAgain } from "../../../core/number/stage.ts";
import { requirementsRefused } from "../../../core/number/requirements.ts";
import { type Managed, numbers } from "../../../core/number/state.ts";
import type { Caller, Purchase, PurchaseInput, PurchaseOptions } from "../api/mod.ts";
import { carrierRefusal } from "../engine/carrier-calls.ts";
import {
  before,
  type Carried,
  type CommandId,
  commandIdOf,
  type Decided,
  type Done,
  factOf,
} from "../engine/command.ts";
import { executeOnce } from "../engine/execute.ts";
import { forget } from "../engine/reading.ts";
import { goneView } from "./released-numbers.ts";
import { placeFirstOrder, resumeOrder } from "../automations/orders.ts";
import { stepForCaller } from "../automations/caller-steps.ts";
import { refuse } from "../engine/refusals.ts";
import { scopeOf } from "../engine/scope.ts";
import { ask, lostToLog, Ports } from "../engine/services.ts";
import { completing, purchaseCommand } from "./purchase-requests.ts";
import { getEligibility, numberAndEligibility } from "./views.ts";
import { failed } from "../../../core/values/result.ts";
import { unreachable } from "../../../core/values/unreachable.ts";

/** Fails with the refusal that the caller receives for a failed purchase. */
const refuseFailed = ({ e164, country, type }: Managed, reason: FailureReason) => {
  switch (reason) {
    case "notAvailable":
      return refuse(notAvailable(e164).error);
    case "paymentDeclined":
      return refuse({
        code: "PAYMENT_DECLINED" as const,
        message: "The payment for the phone number was declined, and nothing was ordered; update " +
          "the payment method, then buy again.",
      });
    case "paymentUnknown":
      return refuse({
        code: "PAYMENT_UNKNOWN" as const,
        message: "The payment could not be confirmed in time; nothing was ordered, and whatever " +
          "was taken is refunded. Buy again in a few minutes.",
      });
    case "requirementsMissing":
      return refuse(requirementsRefused({ country, type }).error);
    case "cancelled":
      return refuse({
        code: "PURCHASE_CANCELLED" as const,
        message: `The purchase of the phone number ${e164} was cancelled before the carrier ` +
          "confirmed it, and whatever was taken is refunded; buy it again if it is still wanted.",
      });
    case "refused":
    case "unreachable":
      return refuse(carrierRefusal({ kind: reason }));
    default:
      return unreachable(reason);
  }
};

/**
 * The number that a purchase got: as it is now; or `released`, where it has been released by now (a
 * repeated request of long ago); or as the purchase failed.
 */
const outcomeOf = Effect.fnUntraced(function* (
  caller: Caller,
  done: Done,
  holding: string,
  carried: Carried,
) {
  const { organization } = caller;
  const known = yield* numberAndEligibility(organization, holding, carried);
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
      ask(() => log.load(organization, { commands: [idOfTry(commandId, turn)] })),
      ({ commands }) => commands.length > 0,
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

/** What came of one try of a purchase. */
type Tried = {
  /** The number as it is now, or as the purchase failed, and the buyer's place within its plan. */
  readonly outcome: Purchase;
  /** Whether the request was given before. */
  readonly isRepeated: boolean;
  /** Whether it had failed when this one came, and may be made again. */
  readonly mayBeTriedAgain: boolean;
};

const failureOf = ({ number: { holding } }: Purchase) =>
  holding.source === "managed" && holding.stage.status === "failed"
    ? refuseFailed(holding, holding.stage.reason)
    : null;

/** Whether a purchase ended before anything was ordered, for a reason that may have passed. */
const hasEnded = Effect.fnUntraced(function* (organization: string, holding: string) {
  const { number } = yield* numberAndEligibility(organization, holding);
  return number?.holding.source === "managed" && mayBeTriedAgain(number.holding.stage);
});

const unaccepted = failed({
  code: "PURCHASE_CANCELLED",
  message: "The phone number costs something else by now, and nothing was ordered.",
});

/** What was decided, where its price is accepted. */
const ifAccepted = (accepts: NonNullable<PurchaseOptions["accepts"]>) => (decided: Decided) => {
  const asked = decided.ok
    ? decided.value.find((event) => event.type === "PurchaseRequested")
    : undefined;
  if (asked === undefined) return decided;
  const { setup, monthly, paidFrom } = asked.data;
  // A program without types may give a promise, which is not an answer.
  return accepts({ setup, monthly, paidFrom }) === true ? decided : unaccepted;
};

/**
 * Buys a number: one try. The answer says how far it came within the wait budget; what is not
 * settled by then settles automatically, also when the caller has disconnected. A caller that joins
 * a try under way is answered as that ends, and one that dismissed its number does not want it.
 */
const purchase = Effect.fnUntraced(function* (
  background: Scope.Scope,
  caller: Caller,
  input: PurchaseInput,
  id: CommandId | null,
  accepts: PurchaseOptions["accepts"],
) {
  const { organization, actor } = caller;
  const itemOf = (key: string) => ({ organization, kind: numbers.kind, key });
  // 1. Make the command: the ids of the number and of its order, and what its carrier requires.
  const command = yield* purchaseCommand(caller, input);
  const scope = yield* scopeOf(caller);
  const instead = accepts && ifAccepted(accepts);
  const carried: Carried = { state: null, besides: confirmationNeeds(command) };
  const done = yield* stepForCaller(background, itemOf(command.holding), {
    // 2. Load, decide, append: the intent is in the log before the carrier is asked, or the
    //    purchase is refused. What the decision finds missing is asked of the carrier.
    append: completing(
      organization,
      command,
      (completed) => {
        // Another may have bought it while the carrier was asked.
        if (completed.quote === null) forget(carried);
        return executeOnce({
          organization,
          actor,
          command: completed,
          id,
          scope,
          carried,
          instead,
        });
      },
    ),
    // 3. Pay and order, in the same turn; a repeated request has ordered before.
    first: (asked) => asked.repeated ? null : placeFirstOrder(organization, asked, carried),
    // 4. Ask the carrier again until it has confirmed, or the wait budget is spent.
    next: resumeOrder(organization, command.holding),
  });
  const isRepeated = done.repeated;
  const holding = factOf(done, "PurchaseRequested")?.data.holding ?? command.holding;
  // 5. Join the try that a repeated request finds.
  const wasOver = isRepeated && (yield* hasEnded(organization, holding));
  if (isRepeated) {
    forget(carried);
    const next = resumeOrder(organization, holding);
    yield* stepForCaller(background, itemOf(holding), {
      append: Effect.void,
      first: () => next,
      next,
    });
  }
  // 6. Answer with the number as it is now.
  const outcome = yield* outcomeOf(caller, done, holding, carried);
  return { outcome, isRepeated, mayBeTriedAgain: wasOver } satisfies Tried;
});

/**
 * Buys a number. A repeated request (`options.commandId`) waits as well, and is tried again where
 * it failed before anything was ordered: the reason may have passed. Fails as the purchase is
 * refused, or as it failed.
 */
export const purchaseOnce = Effect.fnUntraced(function* (
  background: Scope.Scope,
  caller: Caller,
  input: PurchaseInput,
  { commandId, onRepeated, accepts }: PurchaseOptions,
) {
  const tryWith = (id: string | undefined) =>
    purchase(background, caller, input, commandIdOf({ commandId: id }, input), accepts);
  let tried: Tried = yield* tryWith(commandId);
  if (commandId !== undefined && tried.mayBeTriedAgain) {
    const last = yield* lastTry(caller.organization, commandId);
    if (last > 0) tried = yield* tryWith(idOfTry(commandId, last));
    if (tried.mayBeTriedAgain) tried = yield* tryWith(idOfTry(commandId, last + 1));
  }
  if (tried.isRepeated) onRepeated?.();
  return yield* failureOf(tried.outcome) ?? Effect.succeed(tried.outcome);
});
