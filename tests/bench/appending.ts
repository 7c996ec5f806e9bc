/** What the rows about appending append, and the callers that do. */
import type { Append, EventLog, Head } from "../../core/ports/mod.ts";
import { rate, type Round } from "./measure.ts";

/** A change of routing, which is what every event here is. */
export const ROUTED = {
  holding: "pn_01k2m3n4p5q6r7s8t9v0w1x2y3",
  direction: "both",
  label: "Front desk",
  template: { campaign: "spring", queue: "sales", priority: 2, note: "x".repeat(200) },
};

/** Its JSON, which is what a bare insert inserts. */
export const DATA = JSON.stringify(ROUTED);

/** The type of those events. */
export const ROUTING_CHANGED = "RoutingChanged";

/** The actor of the change. */
const ACTOR = {
  kind: "user",
  tokenId: "tk_1",
  email: "alice@example.com",
  name: "Alice",
} as const;

/** When the first is changed; each later one a millisecond after the one before it. */
const BEGIN = 1_769_853_600_000;

/** When the number is next renewed, which stays as it is. */
const RENEWAL = { automation: "renewals", due: 1_772_272_800_000 };

/** Rows of one organization are written in turn, as commands on its numbers would. */
export const ROWS = 20;

/** Events, the head they were decided against, and the row that they change. */
export const appendOn = (organization: string, expected: Head, events: number): Append => ({
  organization,
  expected,
  at: BEGIN + expected.position,
  actor: ACTOR,
  command: null,
  events: Array.from({ length: events }, () => ({
    type: ROUTING_CHANGED,
    version: 1,
    data: ROUTED,
  })),
  rows: [{
    change: "put",
    kind: "number",
    key: `${organization}-${expected.position % ROWS}`,
    data: ROUTED,
    work: RENEWAL,
  }],
  claims: [],
  free: [],
});

/** Appends, and returns the new head; any other outcome is an error. */
export const appended = async (log: EventLog, append: Append): Promise<Head> => {
  const outcome = await log.append(append);
  if (outcome.outcome !== "appended") throw new Error(`not appended: ${outcome.outcome}`);
  return outcome.head;
};

/** Does this many repetitions, one after the other. */
export type Caller = (times: number) => Promise<void>;

/** A caller that does one thing at a time. */
export const calling = (work: () => Promise<unknown>): Caller => async (times) => {
  for (let done = 0; done < times; done++) await work();
};

/** A caller that appends to its own organization, each time on the head it was given before. */
export const openCaller = (log: EventLog, organization: string, events: number): Caller => {
  let head: Head = { position: 0, hash: "" };
  return async (times) => {
    for (let done = 0; done < times; done += events) {
      head = await appended(log, appendOn(organization, head, events));
    }
  };
};

/** This many callers, each made with its index. */
export const callersOf = (count: number, make: (place: number) => Caller): readonly Caller[] =>
  Array.from({ length: count }, (_, place) => make(place));

/** A round in which the callers together do `count` operations. */
export const together = (callers: readonly Caller[], count: number): Round => {
  const each = Math.ceil(count / callers.length);
  return rate(each * callers.length, () => Promise.all(callers.map((call) => call(each))));
};

/** The number of callers, in words. */
export const who = (callers: number): string =>
  `${callers} ${callers === 1 ? "caller" : "callers"}`;
