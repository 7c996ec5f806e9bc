/** The plan catalogue as the environment gives it: `PLANS`, JSON or the path of a JSON file. */
import { messageOf } from "../../../core/values/error-message.ts";
import { isJsonObject } from "../../../core/values/text.ts";
import * as v from "valibot";
import type { Plan, PlanCatalogue } from "../../../core/values/plan.ts";
import { moneyFault, parseMoney } from "../../../core/values/money.ts";
import { failed, ok, type Result } from "../../../core/values/result.ts";
import { check } from "../../validation/issue.ts";
import { parsedJson } from "../../validation/json.ts";
import { repeatedMember } from "../../../http/repeated.ts";
import { isPlanName, NO_PLANS, PLAN_NAME_RULE, planSchema } from "./plan-schema.ts";

/** Dollars as a decimal string, such as `25.00`. */
const Dollars = v.pipe(
  v.string("must be a decimal string of dollars, such as 25.00"),
  v.check(
    (text) => moneyFault(text) === null,
    ({ input }) => moneyFault(input) ?? "must be a decimal of dollars, such as 25.00",
  ),
  v.transform((text) => parseMoney(text) ?? { micros: 0, currency: "USD" as const }),
);

const SHOWN = 60;

const PlanSchema = planSchema({}, Dollars);

/** A text of a file as a part of one line. */
const shown = (text: string): string => JSON.stringify(text.slice(0, SHOWN));

const wrong = (what: string) => failed(`PLANS: ${what}`);

/**
 * Reads a catalogue: an object of plans by their names, each with the members of `Plan` but its
 * name, and prices as decimal strings of dollars. A text that is not JSON and does not begin with
 * `{` is the path of a file, which `readFile` reads; where there are no files it is null. Else one
 * line that names the member.
 */
export const readPlans = (
  given: string,
  readFile: ((path: string) => string) | null,
): Result<PlanCatalogue, string> => {
  let text = given.trim();
  if (!text.startsWith("{") && parsedJson(text) === undefined) {
    if (readFile === null) return wrong("must be JSON, as there are no files here");
    try {
      text = readFile(text);
    } catch (error) {
      return wrong(`the file cannot be read: ${messageOf(error)}`);
    }
  }
  const json = parsedJson(text);
  if (!isJsonObject(json)) return wrong("must be a JSON object of plans by their names");
  // Parsers differ in which one of them they take.
  const twice = repeatedMember(text);
  if (twice !== null) return wrong(`${shown(twice)} is there twice`);
  const plans: [string, Plan][] = [];
  for (const [name, entry] of Object.entries(json)) {
    if (!isPlanName(name)) return wrong(`${PLAN_NAME_RULE}: ${shown(name)} does not fit`);
    const read = check(PlanSchema, entry);
    if (!read.success) {
      const [issue] = read.issues;
      const path = v.getDotPath(issue);
      return wrong(`${name}${path === null ? "" : `.${path}`}: ${issue.message}`);
    }
    plans.push([name, { name, ...read.output }]);
  }
  if (plans.length === 0) return wrong(NO_PLANS);
  return ok(Object.fromEntries(plans));
};
