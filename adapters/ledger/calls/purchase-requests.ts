/** Requests of purchases: the command, and what its decision finds missing asked of the carrier. */
import * as Effect from "effect/Effect";
import type { RequestPurchase } from "../../../core/number/decisions/purchase.ts";
import { notAvailable } from "../../../core/number/refusals.ts";
import type { Market, NumberKind } from "../../../core/ports/carrier.ts";
import type { RefusalOf } from "../../../core/registry/commands.ts";
import type { Caller, CommandIdReused, PurchaseInput, PurchaseRefused } from "../api/mod.ts";
import { callCarrier, carrierRefusal } from "../engine/carrier-calls.ts";
import type { Execution } from "../engine/execute.ts";
import { newOrderKey } from "../engine/installation.ts";
import { refuse } from "../engine/refusals.ts";
import { carrierFor } from "../engine/scope.ts";
import { Ports } from "../engine/services.ts";
import { askRequirements, knownRequirements } from "./requirements.ts";

/** The command of a purchase: with the ids of the number and of its order. */
export const purchaseCommand = Effect.fnUntraced(function* (caller: Caller, input: PurchaseInput) {
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
export const completing = (
  organization: string,
  command: RequestPurchase,
  append: Appending,
  asked = 0,
): Execution<PurchaseRefused | CommandIdReused> => {
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
