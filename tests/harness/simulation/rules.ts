/** The rules that every run keeps, and what is thrown where one is broken. */

/** The rules, each with what it says. */
export const RULES = {
  "one holder": "a number has at most one holder",
  "claims are kept": "a claim is given back with the number, and not before",
  "owned there": "a number that is active here is ours at the carrier",
  "recorded here": "what the carrier keeps for us is held here, or work on it is pending",
  "ordered once": "a purchase gets one number from the carrier, and under its one key",
  "rows are the fold": "the rows written with events are what the events fold to",
  "command once": "a command id has an effect once",
  "intent first": "a charge is noted here before it is asked for",
  "charges have periods": "every charge has opened one period, or is given back",
  "periods are paid": "every period that the payments port was to pay for is charged",
  "settled before release": "a number goes back to the carrier after its charges are settled",
  "domain": "limit, trial, periods, notices, charges, credits and ends are the domain's",
  "one chain": "every log is gapless and chained",
  "rebuild agrees": "a rebuild gives the rows that are there, and the claims",
  "routes are as noted": "what is noted of a route holds at the carrier: nothing undoes it later",
  "routes follow": "a suspended number is detached at the carrier, and one that serves is not",
  "no number is given up": "a number is given up for lost only where the carrier lost it",
  "others are left alone": "a number that another program keeps at the carrier stays there",
  "settles": "nothing stays to be done once the world is well again",
  "reviewers told": "reviewers are notified of every submission that waits",
  "dated by real time": "an event is dated within minutes of when it was decided",
  "not before its time":
    "no trial ends, and nothing is charged, before the trial or period is over",
  "no surprise": "nothing throws but what the simulation broke",
} as const;

export type RuleName = keyof typeof RULES;

/** A rule that was broken in a run. */
export class Violation extends Error {
  override readonly name = "Violation";
  readonly rule: RuleName;

  constructor(rule: RuleName, what: string) {
    super(`${rule}: ${what}`);
    this.rule = rule;
  }
}

/** Fails the run unless `holds`. */
export const demand = (holds: boolean, rule: RuleName, what: () => string): void => {
  if (!holds) throw new Violation(rule, what());
};
