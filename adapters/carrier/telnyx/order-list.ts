import * as Effect from "effect/Effect";
import type { Instant } from "../../../core/values/calendar.ts";
import { acceptedAs, type Call, type Client } from "./client.ts";
import { type OrderRow, OrdersAnswer } from "./schemas.ts";

const PAGE_SIZE = 250;

/** Whether an order has this key. */
export const isKey = (key: string) => (row: OrderRow): boolean => row.customer_reference === key;

/** The orders that Telnyx lists under a key, and the time of its answer, where it gives one. */
export type Listed = { readonly rows: readonly OrderRow[]; readonly at: Instant | null };

/** Lists orders by their keys. */
export const openListing = ({ send }: Client): (key: string) => Call<Listed> =>
  Effect.fnUntraced(function* (key: string) {
    const reply = yield* send({
      method: "GET",
      path: "/number_orders",
      query: { "filter[customer_reference]": key, "page[number]": 1, "page[size]": PAGE_SIZE },
    });
    const { data } = yield* acceptedAs(OrdersAnswer, reply, "to a look at an order");
    return { rows: data.filter(isKey(key)), at: reply.accepted ? reply.at : null };
  });
