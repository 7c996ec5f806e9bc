/** What may go wrong between the emulated carrier and its caller. */
import type { Milliseconds } from "../../../../core/values/calendar.ts";
import { SERVER_ERROR, tooManyRequests, toResponse } from "./answer.ts";
import type { Endpoint } from "./routes.ts";

export type Fault =
  /** The connection is refused: the request was surely not taken. */
  | { readonly kind: "refuseConnection" }
  /** The connection breaks before the request is carried out. */
  | { readonly kind: "loseRequest" }
  /** The request is carried out, and then the connection breaks. */
  | { readonly kind: "loseAnswer" }
  /** The request is carried out, and the connection breaks in the middle of the answer. */
  | { readonly kind: "cutAnswer" }
  /** The request is carried out, and half of the answer's text comes as if it were all. */
  | { readonly kind: "malformedAnswer" }
  /** The request is carried out so much later, even when its caller no longer waits. */
  | { readonly kind: "delay"; readonly ms: Milliseconds }
  /** 429; the request is not carried out. */
  | { readonly kind: "tooManyRequests"; readonly resetSeconds: number }
  /** 500; the request is carried out anyway where `carriedOut` says so. */
  | { readonly kind: "serverError"; readonly carriedOut: boolean }
  /** The request is carried out, and its answer replaced. */
  | { readonly kind: "replaceAnswer"; readonly by: (answer: Response) => Promise<Response> };

/** How often a fault happens. */
export type Often = {
  /** After so many it is over; without end by default. */
  readonly times?: number | undefined;
  /** From 0 to 1, by default 1. */
  readonly probability?: number | undefined;
};

/** A generator of numbers from 0 to below 1, the same ones for the same seed (mulberry32). */
export const seededRandom = (seed: number): () => number => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** A queue of planned faults, each for a number of times; the first planned comes first. */
export const openPlan = <Place, What>(random: () => number) => {
  const rules = new Set<
    { readonly place: Place; readonly what: What; readonly probability: number; left: number }
  >();
  return {
    /** Plans it; the returned function cancels it. */
    add: (place: Place, what: What, { times = Infinity, probability = 1 }: Often): () => void => {
      const rule = { place, what, probability, left: times };
      rules.add(rule);
      return () => void rules.delete(rule);
    },
    /** What happens now at this place; undefined when nothing does. */
    draw: (place: Place): What | undefined => {
      for (const rule of rules) {
        const isDue = rule.place === place && rule.left > 0 && random() < rule.probability;
        if (!isDue) continue;
        rule.left--;
        return rule.what;
      }
      return undefined;
    },
    clear: (): void => rules.clear(),
  };
};

/** The planned faults by endpoint. */
export type FaultPlan = ReturnType<typeof openPlan<Endpoint, Fault>>;

const broken = (code: "ECONNREFUSED" | "ECONNRESET"): TypeError =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });

const halfOf = async (response: Response): Promise<string> => {
  const text = await response.text();
  return text.slice(0, text.length / 2);
};

/** An answer whose body breaks off. */
const cut = async (response: Response): Promise<Response> => {
  const half = new TextEncoder().encode(await halfOf(response));
  const body = new ReadableStream({
    start: (stream) => stream.enqueue(half),
    pull: (stream) => stream.error(broken("ECONNRESET")),
  }, { highWaterMark: 0 });
  return new Response(body, { status: response.status, headers: response.headers });
};

/** Carries out a request with the fault. Rejects as `fetch` does when the connection breaks. */
export const suffer = async (
  fault: Fault | undefined,
  carryOut: () => Response,
  sleep: (ms: Milliseconds) => Promise<void>,
): Promise<Response> => {
  if (fault === undefined) return carryOut();
  switch (fault.kind) {
    case "refuseConnection":
      throw broken("ECONNREFUSED");
    case "loseRequest":
      throw broken("ECONNRESET");
    case "loseAnswer":
      carryOut();
      throw broken("ECONNRESET");
    case "cutAnswer":
      return cut(carryOut());
    case "malformedAnswer": {
      const response = carryOut();
      return new Response(await halfOf(response), response);
    }
    case "delay":
      await sleep(fault.ms);
      return carryOut();
    case "tooManyRequests":
      return toResponse(tooManyRequests(fault.resetSeconds));
    case "serverError":
      if (fault.carriedOut) carryOut();
      return toResponse(SERVER_ERROR);
    case "replaceAnswer":
      return fault.by(carryOut());
  }
};
