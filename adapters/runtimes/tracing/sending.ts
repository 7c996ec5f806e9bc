/** Sending batches of spans: a collector that hangs or refuses costs a server little. */
import { setTimeout as delay } from "node:timers/promises";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";

/** So many batches are sent at the same time; each has a thousand spans by default. */
const PLACES = 4;

/** So often a batch is sent, if need be. */
const TRIES = 3;

/** The answers after which a batch is sent again (OTLP, failures that may be retried). */
const TRANSIENT: readonly number[] = [429, 502, 503, 504];

/** How long batches are kept: all tries of one together, and until the next try. */
export type Limits = { readonly batchMs: Milliseconds; readonly pauseMs: Milliseconds };

const LIMITS: Limits = { batchMs: 10 * SECOND_MS, pauseMs: 1 * SECOND_MS };

type Send = typeof fetch;

/** The status of the answer, whose body nobody reads; null where there was none. */
const statusOf = async (send: Send, ...given: Parameters<Send>): Promise<number | null> => {
  try {
    const { status, body } = await send(...given);
    await body?.cancel();
    return status;
  } catch {
    return null;
  }
};

/** What the exporter takes for final: it drops the spans, and new ones for a minute. */
const GIVEN_UP = 400;

/**
 * A `fetch` for the exporter, which never rejects. It sends a batch again itself, within a time
 * that is the batch's own, and gives up one for which there is no place: the exporter would keep
 * any number of batches for as long as a collector hangs, or says in `Retry-After`.
 */
export const boundedSend = (
  send: Send = fetch,
  { batchMs, pauseMs }: Limits = LIMITS,
): Send => {
  let underWay = 0;
  const delivered = async (
    input: Parameters<Send>[0],
    init: RequestInit,
    signal: AbortSignal,
  ): Promise<boolean> => {
    for (let tried = 1;; tried++) {
      const status = await statusOf(send, input, { ...init, signal });
      if (status !== null && !TRANSIENT.includes(status)) return status < 300;
      if (tried === TRIES) return false;
      await delay(pauseMs, undefined, { signal });
    }
  };
  return async (input, init = {}) => {
    if (underWay === PLACES) return new Response(null, { status: GIVEN_UP });
    underWay++;
    const ending = new AbortController();
    const end = (): void => ending.abort();
    init.signal?.addEventListener("abort", end);
    const timer = setTimeout(end, batchMs);
    try {
      const isDelivered = await delivered(input, init, ending.signal).catch(() => false);
      return new Response(null, { status: isDelivered ? 200 : GIVEN_UP });
    } finally {
      clearTimeout(timer);
      underWay--;
    }
  };
};
