/** What holds of time: nothing is dated, ended or charged by a clock that is wrong. */
import type { Fact } from "../../../core/events/vocabulary.ts";
import type { State } from "../../../core/log/state.ts";
import { numbers } from "../../../core/number/state.ts";
import { type Instant, type Milliseconds, MINUTE_MS } from "../../../core/values/calendar.ts";
import { demand } from "./rules.ts";

/** More than clocks are set by, and appends are under way. */
const SLACK_MS: Milliseconds = 5 * MINUTE_MS;

/** Compares an event, and what it ends, with the real time. */
export const checkTime = (state: State, fact: Fact, now: Instant): void => {
  const off = fact.at - now;
  const isNear = Math.abs(off) <= SLACK_MS;
  demand(isNear, "dated by real time", () => `${fact.type} is dated ${off} ms after it was`);
  const endsNow = fact.type === "TrialExpired" || fact.type === "Renewed" ||
    (fact.type === "ChargeStarted" && fact.data.period > 1);
  if (!endsNow) return;
  const number = state.get(numbers, fact.data.holding);
  if (number?.source !== "managed" || !("term" in number.stage)) return;
  const early = number.stage.term.endsAt - now;
  const isOver = early <= SLACK_MS;
  demand(isOver, "not before its time", () => `${fact.type} is ${early} ms early`);
};
