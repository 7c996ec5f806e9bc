/**
 * Detaches the routes of suspended numbers at their carriers, and attaches those of reinstated
 * ones.
 */
import * as Effect from "effect/Effect";
import type { Carrier, CarrierError } from "../../../core/ports/carrier.ts";
import { needsNumber } from "../../../core/number/decisions/needs.ts";
import {
  pendingRoute,
  type Route,
  routes,
  routeToAttach,
  type Settled,
} from "../../../core/number/routes.ts";
import { type Managed, numbers } from "../../../core/number/state.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import { automation } from "../../../core/values/identity.ts";
import { failed, type Result } from "../../../core/values/result.ts";
import { callCarrier, type CarrierFailure, latestEffectOf } from "../engine/carrier-calls.ts";
import { execute } from "../engine/execute.ts";
import { read } from "../engine/reading.ts";
import { elapsed, lateAfter, type Moment } from "../engine/elapsed.ts";
import { Ports } from "../engine/services.ts";
import { type Progress, progressOf, type StepFailure } from "./step.ts";

const ACTOR = automation("routes");

/** What is wished of one number, as it was read. */
type Wish = {
  readonly organization: string;
  readonly number: Managed;
  readonly carrierId: string;
  readonly route: Route;
  /** When it was read: the carrier is asked soon after, or not at all. */
  readonly begun: Moment;
};

const tooLate = failed<CarrierError>({
  kind: "unknown",
  message: "It was too late to change the number's route.",
});

const isAbleTo = ({ suspend, resume }: Carrier): boolean =>
  suspend !== undefined && resume !== undefined;

/** Records the outcome of the wish, for one that was asked for then. */
const settle = Effect.fnUntraced(function* (
  { organization, number, route }: Wish,
  as: Settled["as"],
  askedAt: Instant,
) {
  const settlingMs = yield* latestEffectOf(number.carrier);
  const { holding, wish } = route;
  const command = { type: "SettleRoute", holding, wish, as, askedAt, settlingMs } as const;
  return progressOf(yield* execute({ organization, actor: ACTOR, command }));
});

/** The number as the carrier keeps it; `null`: it has it, and does not show it yet. */
const lookUp = Effect.fnUntraced(function* ({ organization, number, carrierId }: Wish) {
  const { carrier, e164 } = number;
  const found = yield* callCarrier(
    carrier,
    organization,
    "findNumber",
    (port) => port.findNumber(e164),
  );
  if (found?.carrierId === carrierId) return found;
  const kept = yield* callCarrier(
    carrier,
    organization,
    "has",
    (port) => port.has({ carrierId, e164 }),
  );
  return kept ? null : "gone" as const;
});

/**
 * Records what the carrier has attached before any of it is detached, so that it can be attached
 * again. Returns the wish's progress where it cannot go further now; null where the carrier may be
 * asked.
 */
const note = Effect.fnUntraced(function* (
  asked: Wish,
): Effect.fn.Return<Progress | null, StepFailure, Ports> {
  const { organization, number, route: { holding, wish } } = asked;
  const { clock } = yield* Ports;
  const found = yield* lookUp(asked);
  if (found === null) return "open";
  if (found === "gone") return yield* settle(asked, "gone", clock.now());
  const { connectionId, messagingProfileId = null } = found;
  const route = { connectionId, messagingProfileId };
  const command = { type: "NoteRoute", holding, wish, route } as const;
  const { state } = yield* execute({ organization, actor: ACTOR, command });
  return pendingRoute(state, number.id, wish) === undefined ? "open" : null;
});

/** Asks the carrier for what is wished. If asked any later, it might undo a later wish. */
const ask = Effect.fnUntraced(function* ({ organization, number, carrierId, route, begun }: Wish) {
  const isLate = yield* lateAfter(begun);
  const { carrier: name, e164 } = number;
  const named = { carrierId, e164 };
  const timely = <Value>(
    call: () => Promise<Result<Value, CarrierError>> | undefined,
  ): Promise<Result<Value, CarrierError>> =>
    (isLate() ? undefined : call()) ?? Promise.resolve(tooLate);
  if (route.wanted === "detached") {
    return yield* callCarrier(
      name,
      organization,
      "suspend",
      (port) => timely(() => port.suspend?.(named)),
    );
  }
  const attached = routeToAttach(number, route.kept);
  return yield* callCarrier(
    name,
    organization,
    "resume",
    (port) => timely(() => port.resume?.(named, attached)),
  );
});

/** It is tried again anyway; only the operator can find out why the carrier refuses. */
const reportRefused = ({ organization, number, route }: Wish, { kind, message }: CarrierFailure) =>
  Effect.map(Ports, ({ report }) => {
    const what = route.wanted === "detached" ? "suspending" : "resuming";
    if (kind === "refused") report(`${what} ${number.id}`, new Error(message), { organization });
  });

/**
 * When the carrier is asked, measured as the contrary was that it may have been asked for before.
 */
const askedAtOf = Effect.fnUntraced(function* ({ contraryAt }: Route) {
  const { clock } = yield* Ports;
  return (contraryAt === null ? undefined : clock.since?.(contraryAt)) ?? clock.now();
});

/**
 * One step of the automation: asks the carrier for what is wished of a number's route. An answer
 * that was lost is asked for again. While an earlier, contrary call may yet be taken, the same is
 * asked for again and again, so that the last call to be taken is the one that is wished.
 */
export const routeStep = Effect.fnUntraced(function* (
  organization: string,
  holding: string,
): Effect.fn.Return<Progress, StepFailure, Ports> {
  const { clock, carriers } = yield* Ports;
  const begun = { at: clock.now(), elapsed: yield* elapsed };
  const { state } = yield* read(organization, needsNumber({ holding }));
  const number = state.get(numbers, holding);
  const route = state.get(routes, holding);
  if (route === undefined || route.settled !== null) return "done";
  if (number?.source !== "managed" || !("carrierId" in number.stage)) return "done";
  const wish: Wish = { organization, number, carrierId: number.stage.carrierId, route, begun };
  const carrier = carriers.get(number.carrier);
  if (carrier !== undefined && !isAbleTo(carrier)) {
    return yield* settle(wish, "unsupported", begun.at);
  }
  if (route.wanted === "detached") {
    const progress = yield* note(wish);
    if (progress !== null) return progress;
  }
  const askedAt = yield* askedAtOf(route);
  const answer = yield* Effect.tapError(ask(wish), (failure) => reportRefused(wish, failure));
  return yield* settle(wish, answer === "gone" ? "gone" : "done", askedAt);
});
