import { hasAtMost } from "./text.ts";

/** Prefixes of the ids we make; each shows what kind of record an id names. */
export type IdPrefix = "pn" | "rr" | "vs" | "tk" | "od" | "rc" | "in" | "wh" | "ev";

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

/** What the ledger does automatically: each has a list of rows, of which it does what is due. */
export const AUTOMATIONS = [
  "ordering",
  "trials",
  "renewals",
  "charges",
  "refunds",
  "routes",
  "releasing",
  "reviewers",
  "reconciling",
  "dismissals",
  "closing",
] as const;
/** One of `AUTOMATIONS`. */
export type Automation = typeof AUTOMATIONS[number];

/**
 * The ledger itself, as this automation; `imports` ends those of a number that is bought, and
 * `deliveries` disables endpoints.
 */
export const automation = (name: Automation | "imports" | "deliveries"): Actor => ({
  kind: "ledger",
  automation: name,
});

/** The most code points of an id. */
export const MAX_ID_LENGTH = 200;

// Ids become database keys: PostgreSQL text takes neither NUL nor half a surrogate pair.
// deno-lint-ignore no-control-regex
const UNFIT = /[\u0000-\u001f\u007f]/;

/**
 * Whether `text` may be an id given by another system: 1 to 200 code points, none of them control.
 */
export const isId = (text: string): boolean =>
  text.length > 0 && hasAtMost(text, MAX_ID_LENGTH) && !UNFIT.test(text) && text.isWellFormed();

/**
 * Characters that are invisible or look alike: characters without a glyph (zero width, byte order
 * marks, directions, other formats, fillers), spaces other than the usual one, and characters that
 * Unicode has not assigned or leaves to private use, whose look and normal form may yet change (UAX
 * #15, section 3; UTS #39, section 3.1).
 */
const UNSEEN = /[\p{C}\p{DI}\p{Zl}\p{Zp}\u2800]|(?! )\p{Zs}/u;

/** A space at an end is invisible, and a mark at the front joins what precedes it. */
const LOOSE = /^[ \p{M}]| $/u;

/** Whether no other text looks the same, as far as characters can tell. */
export const isPlainlySeen = (text: string): boolean =>
  text.normalize("NFC") === text && !UNSEEN.test(text) && !LOOSE.test(text);

/** What a URL takes for a step within its path, however it is escaped (RFC 3986, 5.2.4). */
const isStep = (text: string): boolean => text === "." || text === "..";

/**
 * Whether `text` may be an id that is new here: one that is an id, that a URL's path can name, and
 * that looks like no other, as far as characters can tell. It is in Unicode's normal form C and
 * nothing in it is invisible, so that two ids that are the same to a reader are the same to the
 * log. Ids that were stored before this rule are still read, changed and charged.
 */
export const isNewId = (text: string): boolean =>
  isId(text) && isPlainlySeen(text) && !isStep(text);

/** What an id that is new must be, after the name of the field. */
export const NEW_ID_RULE =
  `must not be . or .., and must be 1 to ${MAX_ID_LENGTH} characters in Unicode's normal form C, ` +
  "without invisible characters, a space at either end, or a combining mark at the start";
