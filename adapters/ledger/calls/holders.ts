/** Who held a number, from the events of its holdings alone. */
import * as Effect from "effect/Effect";
import { type FactOf, toFact } from "../../../core/events/vocabulary.ts";
import { allEventsOf } from "../../../core/log/pages.ts";
import { type BeginningType, isBeginning } from "../../../core/number/facts.ts";
import { worldOfFact } from "../../../core/number/state.ts";
import { viewsWith } from "../../../core/number/view.ts";
import type { EventLog, RecordedEvent } from "../../../core/ports/mod.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import type { E164 } from "../../../core/values/e164.ts";
import { inFuture } from "../../validation/argument.ts";
import type { Holder } from "../api/holders.ts";
import { ask, Ports } from "../engine/services.ts";
import { holdingThen, inPastTurn } from "./views.ts";

type Beginning = {
  readonly organization: string;
  readonly position: number;
  readonly fact: FactOf<BeginningType>;
};

/**
 * How organizations began to hold a number up to a time, the last of each kind: bought or imported,
 * in each world. An organization begins again only once the one before has ended.
 */
const lastBeginnings = async (
  log: Pick<EventLog, "eventsBeginning">,
  e164: E164,
  at: Instant,
): Promise<readonly Beginning[]> => {
  const last = new Map<string, Beginning>();
  const scan: EventLog["scan"] = (after, limit) => log.eventsBeginning(e164, after, limit);
  for await (const page of allEventsOf({ scan })) {
    for (const event of page) {
      const fact = toFact(event);
      if (fact.at > at || !isBeginning(fact)) continue;
      const { organization, position } = event;
      const kind = [organization, fact.type === "NumberImported", worldOfFact(fact)];
      last.set(JSON.stringify(kind), { organization, position, fact });
    }
  }
  return [...last.values()];
};

/** What became of it by a time; null where it had ended, or had failed. */
const holderAt = async (
  ports: Parameters<typeof holdingThen>[0],
  { organization, position, fact: { data: { holding: id } } }: Beginning,
  at: Instant,
): Promise<Holder | null> => {
  const isThen = (event: RecordedEvent) => event.at <= at;
  const holding = await holdingThen(ports, organization, id, isThen, position - 1);
  const [view] = viewsWith(holding === undefined ? [] : [holding], [], [], at);
  if (view === undefined || view.status === "failed") return null;
  return { organization, holding: view.holding, status: view.status };
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
    for (const beginning of await lastBeginnings(ports.log, e164, at)) {
      const holder = await holderAt(ports, beginning, at);
      if (holder !== null) holders.push(holder);
    }
    return holders;
  });
  // In the operator's own turn: no organization has this id.
  return yield* inPastTurn("", reading);
});
