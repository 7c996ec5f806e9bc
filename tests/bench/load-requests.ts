/** The requests that the load generator sends, and how their answers are evaluated. */
import type { LoadOrder, LoadRequest } from "./load.ts";
import { rate, type Round } from "./measure.ts";
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

/** A round of an order that `make` creates; `latencies_ms` collects the times of its requests. */
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

/** An application that is called in process. */
export type Fetch = (request: Request) => Response | Promise<Response>;

/** A round of `count` requests that `next` makes, one after the other, each read to its end. */
export const sending = (fetch: Fetch, count: number, next: () => LoadRequest): Round =>
  rate(count, async () => {
    for (let done = 0; done < count; done++) {
      const { method, path, headers, body } = next();
      const response = await fetch(
        new Request(`http://localhost${path}`, { method, headers, body }),
      );
      const text = await response.text();
      if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    }
  });
