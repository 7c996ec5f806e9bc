/** The requests that the load generator sends, and what is made of its answers. */
import type { LoadOrder, LoadRequest } from "./load.ts";
import type { Round } from "./measure.ts";
import type { Load } from "./processes.ts";

/** A read with the caller's token, or without one. */
export const getRequest = (path: string, token?: string): LoadRequest => ({
  method: "GET",
  path,
  headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  body: null,
});

/** A request that sends JSON, with the caller's token or without one. */
export const postRequest = (path: string, json: unknown, token?: string): LoadRequest => ({
  method: "POST",
  path,
  headers: {
    "content-type": "application/json",
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  },
  body: JSON.stringify(json),
});

/** A round of an order that `make` makes anew; `latencies_ms` collects what its requests took. */
export const loadRound = (
  load: Load,
  make: () => LoadOrder,
  latencies_ms: number[] = [],
): Round =>
async () => {
  const order = make();
  const result = await load(order);
  latencies_ms.push(...result.latencies_ms);
  return order.count / result.seconds;
};
