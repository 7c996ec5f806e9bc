/** Arbitraries of fast-check for the domain: values, commands, events, and whole scenarios. */
export { command } from "./commands.ts";
export { content, jsonObject, oddText, pause, routing } from "./contents.ts";
export { event } from "./events.ts";
export {
  facts,
  ORGANIZATIONS,
  run,
  type Scenario,
  scenario,
  type ScenarioStep,
  type Step,
} from "./scenarios.ts";
export { actor, amount, e164, id, instant } from "./values.ts";
