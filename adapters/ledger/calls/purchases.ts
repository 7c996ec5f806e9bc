import * as Effect from "effect/Effect";
import type * as Scope from "effect/Scope";
import {
  confirmationNeeds,
  type RequestPurchase,
} from "../../../core/number/decisions/purchase.ts";
import type { FailureReason } from "../../../core/events/number.ts";
import { notAvailable } from "../../../core/number/refusals.ts";
import { mayBeTriedAgain } from "../../../core/number/stage.ts";
import { requirementsRefused } from "../../../core/number/requirements.ts";
import { type Managed, numbers } from "../../../core/number/state.ts";
import type { Market, NumberKind } from "../../../core/ports/carrier.ts";
import type { RefusalOf } from "../../../core/registry/commands.ts";
import type {
  Caller,
  CommandIdReused,
  CommandOptions,
  Purchase,
  PurchaseFailure,
  PurchaseInput,
} from "../api/mod.ts";
import { callCarrier, carrierRefusal } from "../engine/carrier-calls.ts";
import {
  before,
  type Carried,
  type CommandId,
  commandIdOf,
  type Done,
  factOf,
} from "../engine/command.ts";
import { executeOnce, type Execution } from "../engine/execute.ts";
import { forget } from "../engine/reading.ts";
import { goneView } from "./released-numbers.ts";
import { newOrderKey } from "../engine/installation.ts";
import { placeFirstOrder, resumeOrder } from "../automations/orders.ts";
import { stepForCaller } from "../automations/caller-steps.ts";
import { askRequirements, knownRequirements } from "./requirements.ts";
import { refuse } from "../engine/refusals.ts";
import { carrierFor, scopeOf } from "../engine/scope.ts";
import { ask, lostToLog, Ports } from "../engine/services.ts";
import { getEligibility, numberAndEligibility } from "./views.ts";
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

/** The command with what the carrier quotes for the number now; null where it does not sell it. */
const quoted = Effect.fnUntraced(function* (
  organization: string,
  command: RequestPurchase,
  kind: NumberKind,
) {
  const { carrier: name, e164 } = command;
  const quote = yield* Effect.catchTag(
    callCarrier(name, organization, "quote", (carrier) => carrier.quote(e164, kind)),
    "CarrierFailure",
    (failure) => refuse(carrierRefusal(failure)),
  );
  return quote?.e164 === e164 ? { ...command, quote } : null;
});

/** The command with what the carrier requires for numbers of this market. */
const informed = (organization: string, command: RequestPurchase, market: Market) =>
  Effect.map(
    askRequirements(command.carrier, organization, market),
    (required): RequestPurchase => ({ ...command, required: [required] }),
  );

/** How often a carrier is asked before a purchase without an order is given up. */
const MOST_ASKED = 4;

type Appending = (
  command: RequestPurchase,
) => Execution<RefusalOf<RequestPurchase> | CommandIdReused>;

/** The refusal of a number that is not sold: taken, where another has bought it meanwhile. */
const unsold = (command: RequestPurchase, append: Appending) =>
  Effect.catchTags(append(command), {
    QUOTE_NEEDED: () => refuse(notAvailable(command.e164).error),
    REQUIREMENTS_UNKNOWN: () => refuse(notAvailable(command.e164).error),
  });

/**
 * Gives the command by `append`. When no offer is fresh enough, again with what the carrier quotes;
 * when it is not known what the carrier requires, again with that. Both are over after a quote and
 * one answer, unless searches meanwhile offer the number as one of another kind.
 */
const completing = (
  organization: string,
  command: RequestPurchase,
  append: Appending,
  asked = 0,
): Execution<PurchaseFailure | CommandIdReused> => {
  const again = <E>(completed: Effect.Effect<RequestPurchase | null, E, Ports>) =>
    asked === MOST_ASKED
      ? refuse(carrierRefusal({ kind: "unreachable" }))
      : Effect.flatMap(completed, (next) =>
        next === null
          ? unsold(command, append)
          : completing(organization, next, append, asked + 1));
  return Effect.catchTags(append(command), {
    QUOTE_NEEDED: ({ kind }) => again(quoted(organization, command, kind)),
    REQUIREMENTS_UNKNOWN: (market) => again(informed(organization, command, market)),
  });
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
) {
  const { organization, actor } = caller;
  const itemOf = (key: string) => ({ organization, kind: numbers.kind, key });
  // 1. Make the command: the ids of the number and of its order, and what its carrier requires.
  const command = yield* commandOf(caller, input);
  const scope = yield* scopeOf(caller);
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
        return executeOnce({ organization, actor, command: completed, id, scope, carried });
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
  { commandId, onRepeated }: CommandOptions,
) {
  const tryWith = (id: string | undefined) =>
    purchase(background, caller, input, commandIdOf({ commandId: id }, input));
  let tried: Tried = yield* tryWith(commandId);
  if (commandId !== undefined && tried.mayBeTriedAgain) {
    const last = yield* lastTry(caller.organization, commandId);
    if (last > 0) tried = yield* tryWith(idOfTry(commandId, last));
    if (tried.mayBeTriedAgain) tried = yield* tryWith(idOfTry(commandId, last + 1));
  }
  if (tried.isRepeated) onRepeated?.();
  return yield* failureOf(tried.outcome) ?? Effect.succeed(tried.outcome);
});
