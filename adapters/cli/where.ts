/** What the commands that speak to a ledger have in common: where they ask, and how they print. */
import type * as Effect from "effect/Effect";
import type { Call } from "./calls/mod.ts";
import { flag, limit, option } from "./options.ts";

/** Where a command asks, and how it prints; each command has these. */
export const WHERE = {
  url: option("url", "<url>", "A server to ask, instead of LEDGERLINE_URL"),
  local: flag("local", "Open DATABASE_URL or DATA_DIR, also where LEDGERLINE_URL is set"),
  json: flag("json", "Print JSON: a document, or of a list an object a line"),
};

/** The same of one that asks as an organization. */
export const OWN = {
  ...WHERE,
  organization: option(
    "organization",
    "<id>",
    "Whose; without a server also LEDGERLINE_ORGANIZATION",
  ),
};

/** What they are given by that. */
export type Where = {
  readonly url: string | undefined;
  readonly local: boolean;
  readonly json: boolean;
  readonly organization?: string | undefined;
};

/** Makes a handler of what a command asks for. */
export type Asks = <Words extends Where>(
  callOf: (words: Words) => Call,
) => (words: Words) => Effect.Effect<void>;

/** How many records of a list. */
export const MOST = limit("As many at most; all without it");

/** That any organization is meant. */
export const AS_OPERATOR = flag("as-operator", "Of any organization, as the operator");

/** That nothing is to be asked. */
export const YES = flag("yes", "Do not ask");

/** The key of what is to be done once. */
export const KEY = option("key", "<text>", "Its key: with the same one it is done once");
