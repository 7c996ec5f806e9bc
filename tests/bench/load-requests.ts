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

const sendingJson = (method: LoadRequest["method"]) =>
(
  path: string,
  json: unknown,
  token?: string,
): LoadRequest => ({
  method,
  path,
  headers: {
    "content-type": "application/json",
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  },
  body: JSON.stringify(json),
});

/** Requests that send JSON, with the caller's token or without one. */
export const postRequest = sendingJson("POST");
export const patchRequest = sendingJson("PATCH");

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

/** Makes a request, which must succeed, and reads its answer to its end. */
export const answerOf = async (
  fetch: Fetch,
  { method, path, headers, body }: LoadRequest,
): Promise<string> => {
  const response = await fetch(new Request(`http://localhost${path}`, { method, headers, body }));
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return text;
};

/** A round of `count` requests that `next` makes, one after the other. */
export const sending = (fetch: Fetch, count: number, next: () => LoadRequest): Round =>
  rate(count, async () => {
    for (let done = 0; done < count; done++) await answerOf(fetch, next());
  });
