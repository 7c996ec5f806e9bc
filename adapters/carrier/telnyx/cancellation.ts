import * as Effect from "effect/Effect";
import type { Cancellation, CarrierError, Order } from "../../../core/ports/carrier.ts";
import { acceptedAs, type Call, type Client } from "./client.ts";
import { isTelnyxId, type OrderRow, SubOrderAnswer } from "./schemas.ts";

const PATH = "/sub_number_orders";

/** The look-ups that a cancellation needs. */
type Parts = {
  readonly client: Client;
  /** All orders that Telnyx lists under a key. */
  readonly listed: (key: string) => Call<readonly OrderRow[]>;
  /** The outcome of the order with a key; null where Telnyx has no such order. */
  readonly find: (key: string) => Call<Order | null>;
};

const BY_STATUS: Readonly<Record<Order["status"], Cancellation>> = {
  pending: "open",
  confirmed: "filled",
  failed: "cancelled",
};

/**
 * Cancels orders by their keys. Telnyx cancels an order by its parts (`sub_number_orders`), as long
 * as they are pending; an order of one number has one part. A refusal does not tell the order's
 * state, which may be filled, or cancelled before: that is looked up.
 */
export const openCancelling = ({ client: { send }, listed, find }: Parts) => {
  const callOff = Effect.fnUntraced(function* (
    part: string,
  ): Effect.fn.Return<void, CarrierError> {
    if (!isTelnyxId(part)) return;
    const reply = yield* send({ method: "PATCH", path: `${PATH}/${part}/cancel` });
    // An order that it refuses to cancel may have been filled by now.
    if (reply.accepted) yield* acceptedAs(SubOrderAnswer, reply, "to a cancellation");
  });

  return Effect.fnUntraced(function* (
    key: string,
  ): Effect.fn.Return<Cancellation, CarrierError> {
    for (const { status, sub_number_orders_ids: parts } of yield* listed(key)) {
      if (status !== "pending") continue;
      for (const part of parts) yield* callOff(part);
    }
    // The list may lag behind; the order itself is authoritative.
    const order = yield* find(key);
    return order === null ? "none" : BY_STATUS[order.status];
  });
};
