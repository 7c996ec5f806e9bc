import * as Effect from "effect/Effect";
import type { CarrierName } from "../../../core/ports/carrier.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { Carrier, CarrierError, SearchFilters } from "../../../core/ports/mod.ts";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import { failed, type Result } from "../../../core/values/result.ts";
import type { CarrierRefusal, TooManySearches } from "../api/mod.ts";
import {
  type CarrierAnswer,
  type CarrierCall,
  type CarrierValue,
  readAnswer,
} from "./carrier-results.ts";
import { Busy } from "./errors.ts";
import { makeLanes } from "./carrier-lanes.ts";
import { refuse } from "./refusals.ts";
import { askFor, GUARD_MS, Ports } from "./services.ts";
import { beginning, inSpan } from "./spans.ts";

/** How many concurrent calls a carrier takes that does not say how many. */
const CALLS_AT_ONCE = 8;

/** On whose behalf the operator's own calls are made, such as those of a reconciliation. */
export const OPERATOR_PARTY = "";

/**
 * How long a call waits for a place; what was not asked then is asked later. An order waits longer,
 * since it must not be sent late.
 */
const PLACE_WAIT_MS: Milliseconds = 4 * SECOND_MS;

/** How a call to a carrier failed, in the error channel. */
export type CarrierFailure = CarrierError & { readonly _tag: "CarrierFailure" };

/** Fails as a carrier's answer says. */
const failCarrier = (error: CarrierError): Effect.Effect<never, CarrierFailure> =>
  Effect.fail({ ...error, _tag: "CarrierFailure" });

/** A call that was not made, and may be made later. */
const notMade = failCarrier({
  kind: "unknown",
  message: "Too many calls to the carrier are under way; this one was not made.",
});

const tooManySearches = refuse<TooManySearches>({
  code: "RATE_LIMITED",
  message: "Too many searches of the organization are in progress; try again in a few seconds.",
});

/** The carrier and its lanes; `unreachable` where none of this name is configured. */
const carrierNamed = Effect.fnUntraced(function* (name: CarrierName) {
  const { carriers, places } = yield* Ports;
  const carrier = carriers.get(name);
  if (carrier === undefined) {
    const message = `No carrier ${name} is configured.`;
    return yield* failCarrier({ kind: "unreachable", message });
  }
  let lanes = places.get(name);
  if (lanes === undefined) {
    places.set(name, lanes = makeLanes(carrier.callsAtOnce ?? CALLS_AT_ONCE));
  }
  return { carrier, lanes };
});

/**
 * How long after its intent an order, or a change of a route, may yet be taken or come into sight.
 * The carrier's adapter is asked within the guard of the intent, and may send as long as the ledger
 * waits for it, which is the guard once more; a sent request goes on after that, and the carrier
 * may take it as late as its own settling delay after. Its answer then reaches nobody: only a
 * look-up finds the outcome. A carrier that settles immediately leaves nothing behind.
 */
export const latestEffectOf = Effect.fnUntraced(function* (name: CarrierName) {
  const settlingMs = (yield* Ports).carriers.get(name)?.settlingMs ?? 0;
  return settlingMs === 0 ? 0 : 2 * GUARD_MS + settlingMs;
});

/** A carrier whose database, such as the sandbox's, is away. */
type Away = { readonly away: Unavailable };

/**
 * Calls whose caller waits for the answer, and for which nothing was begun: where one cannot be
 * made, the caller receives that error, as it does from the log, and asks again.
 */
const AWAITED: readonly CarrierCall[] = ["search", "quote", "requirements"];

/** The call itself, once it has its place. */
const callNow = <Call extends CarrierCall>(
  carrier: Carrier,
  name: CarrierName,
  call: Call,
  ask: (carrier: Carrier) => Promise<CarrierAnswer<Call>>,
): Effect.Effect<CarrierValue<Call>, CarrierFailure, Ports> => {
  const silent = failed<CarrierError>({
    kind: "unknown",
    message: `The carrier ${name} gave no answer.`,
  });
  type Asked = { readonly answer: CarrierAnswer<Call> | typeof silent } | Away;
  const asked = Effect.flatMap(
    beginning,
    (begin) =>
      askFor<Asked>(`the carrier ${name}`, { answer: silent }, async () => {
        try {
          return { answer: readAnswer<Call>(call, await begin(() => ask(carrier))) };
        } catch (error) {
          if (error instanceof Unavailable && AWAITED.includes(call)) return { away: error };
          throw error;
        }
      }),
  );
  const answered = Effect.flatMap(asked, (came) => {
    if ("away" in came) return Effect.die(came.away);
    // What each call answers is such a result; the compiler does not see that of all together.
    const answer = came.answer as Result<CarrierValue<Call>, CarrierError>;
    return answer.ok ? Effect.succeed(answer.value) : failCarrier(answer.error);
  });
  const attributes = { "ledgerline.carrier": name };
  return inSpan(`carrier ${call}`, { kind: "client", attributes }, answered);
};

/**
 * One call to a carrier on behalf of `party`, an organization's id, in one of its places; `ask` is
 * run once it has it. Any failure (it throws, it hangs, it answers what its port does not know) is
 * reported, and is a carrier error whose outcome is unknown. So is a call that got no place:
 * nothing was asked then, and it may be asked later. An awaited call that got none is `Busy` (as a
 * defect), and one whose carrier is `Unavailable` dies with that.
 */
export const callCarrier = Effect.fnUntraced(
  function* <Call extends CarrierCall>(
    name: CarrierName,
    party: string,
    call: Call,
    ask: (carrier: Carrier) => Promise<CarrierAnswer<Call>>,
  ) {
    const { carrier, lanes } = yield* carrierNamed(name);
    const instead = () =>
      AWAITED.includes(call) ? Effect.die(new Busy(`The carrier ${name}`)) : notMade;
    return yield* lanes.others.run(
      party,
      call === "order" ? GUARD_MS : PLACE_WAIT_MS,
      callNow(carrier, name, call, ask),
      instead,
    );
  },
);

/**
 * A search at a carrier, in places reserved for searches. Refused where the organization has too
 * many concurrent searches, and `Busy` (as a defect) where all others leave it no place.
 */
export const searchCarrier = Effect.fnUntraced(function* (
  name: CarrierName,
  party: string,
  filters: SearchFilters,
) {
  const { carrier, lanes } = yield* carrierNamed(name);
  return yield* lanes.searches.run(
    party,
    PLACE_WAIT_MS,
    callNow(carrier, name, "search", (port) => port.search(filters)),
    (why) => why === "ownExcess" ? tooManySearches : Effect.die(new Busy(`The carrier ${name}`)),
  );
}, Effect.catchTag("CarrierFailure", (failure) => refuse(carrierRefusal(failure))));

/** A carrier error as the caller receives it. */
export const carrierRefusal = ({ kind }: Pick<CarrierError, "kind">): CarrierRefusal =>
  kind === "unreachable"
    ? {
      code: "CARRIER_UNREACHABLE",
      message: "The carrier cannot be reached; nothing was ordered. Try again in a few seconds.",
    }
    : {
      code: "CARRIER_FAILED",
      message: "The carrier could not carry out the request; choose another phone number, or " +
        "try again later.",
    };
