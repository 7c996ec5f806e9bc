/** Who held a number, from the events of its holdings alone. */
import * as Effect from "effect/Effect";
import { toFact } from "../../../core/events/vocabulary.ts";
import { State } from "../../../core/log/state.ts";
import { numbers, worldOfFact } from "../../../core/number/state.ts";
import { holdingAt } from "../../../core/number/status.ts";
import { statusOf } from "../../../core/number/view.ts";
import type { EventLog, Place, RecordedEvent } from "../../../core/ports/mod.ts";
import { fold } from "../../../core/registry/replay.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import type { E164 } from "../../../core/values/e164.ts";
import { inFuture } from "../../validation/argument.ts";
import type { Holder } from "../api/holders.ts";
import { ask, Ports } from "../engine/services.ts";
import { holdingEvents, inPastTurn } from "./views.ts";

const PAGE = 64;
const START: Place = { organization: "", position: 0 };

/** All events with which organizations began to hold a number. */
async function* beginningsOf(log: Pick<EventLog, "eventsBeginning">, e164: E164) {
  for (let after = START;;) {
    const page = await log.eventsBeginning(e164, after, PAGE);
    const last = page[page.length - 1];
    if (last === undefined) return;
    yield* page;
    after = last;
  }
}

/** An organization begins again only once it has ended: bought, or imported, in the same world. */
const claimOf = (event: RecordedEvent): string => {
  const isImported = event.type === "NumberImported";
  return JSON.stringify([event.organization, isImported, worldOfFact(toFact(event))]);
};

/** The last beginnings up to a time, in the order in which they were found. */
const lastBeginnings = async (
  log: Pick<EventLog, "eventsBeginning">,
  e164: E164,
  at: Instant,
): Promise<readonly RecordedEvent[]> => {
  const last = new Map<string, RecordedEvent>();
  for await (const event of beginningsOf(log, e164)) {
    if (event.at <= at) last.set(claimOf(event), event);
  }
  return [...last.values()];
};

/** What became of what an event began, at a time; null where it had ended, or had failed. */
const holderAt = async (
  ports: Parameters<typeof holdingEvents>[0],
  { organization, position, data }: RecordedEvent,
  at: Instant,
): Promise<Holder | null> => {
  const { holding: id } = data as { readonly holding: string };
  const state = State.empty();
  for await (const event of holdingEvents(ports, organization, id, position - 1)) {
    if (event.at <= at) fold(state, toFact(event));
  }
  const holding = state.get(numbers, id);
  if (holding === undefined) return null;
  const status = statusOf(holdingAt(holding, at));
  return status === "failed" ? null : { organization, holding, status };
};

/**
 * The organizations that held a number at a time, by id. Dies with an `InvalidArgument` for a time
 * in the future.
 */
export const listHolders = Effect.fnUntraced(function* (e164: E164, asked: Instant | undefined) {
  const ports = yield* Ports;
  const now = ports.clock.now();
  const at = asked ?? now;
  if (at > now) return yield* Effect.die(inFuture("options.at"));
  const reading = ask(async () => {
    const holders: Holder[] = [];
    for (const event of await lastBeginnings(ports.log, e164, at)) {
      const holder = await holderAt(ports, event, at);
      if (holder !== null) holders.push(holder);
    }
    return holders;
  });
  return yield* inPastTurn("", reading);
});
