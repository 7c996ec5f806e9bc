import * as v from "valibot";

/** Prefixes of the ids we make; each tells a reader what kind of record an id names. */
export type IdPrefix = "pn" | "rr" | "vs" | "tk" | "od" | "rc" | "in";

/** Who gave a command. Automations act as `ledger`, with the name of the automation. */
export type Actor =
  | {
    readonly kind: "user";
    readonly tokenId: string;
    readonly email: string;
    readonly name: string;
  }
  | { readonly kind: "operator" }
  | { readonly kind: "ledger"; readonly automation: string };

/** The operator of the server, who holds the admin token. */
export const OPERATOR: Actor = { kind: "operator" };

/** The ledger itself, as the automation of this name. */
export const automation = (name: string): Actor => ({ kind: "ledger", automation: name });

/** A valibot schema for a stored actor. */
export const ActorSchema: v.GenericSchema<Actor> = v.variant("kind", [
  v.object({
    kind: v.literal("user"),
    tokenId: v.string(),
    email: v.string(),
    name: v.string(),
  }),
  v.object({ kind: v.literal("operator") }),
  v.object({ kind: v.literal("ledger"), automation: v.string() }),
]);

const MAX_ID_LENGTH = 200;

// Ids become database keys: PostgreSQL text takes neither NUL nor half a surrogate pair.
// deno-lint-ignore no-control-regex
const UNFIT = /[\u0000-\u001f\u007f]/;

/** Whether `text` may be an id given by another system: 1 to 200 characters, none of them control. */
export const isId = (text: string): boolean =>
  text.length > 0 && text.length <= MAX_ID_LENGTH && !UNFIT.test(text) && text.isWellFormed();

/** A valibot schema for an id given by another system (an assistant's, an organization's). */
export const IdSchema: v.GenericSchema<string> = v.pipe(
  v.string(),
  v.check(isId, `must be an id of 1 to ${MAX_ID_LENGTH} printable characters`),
);
