import { type E164, isE164 } from "./e164.ts";

/**
 * The sandbox's numbers are a world of their own: nothing in it blocks, changes or uses up anything
 * of the live one (contract: sandbox and live are apart).
 */
export type World = "live" | "sandbox";

/** The worlds that a caller sees and changes: one, or all where there is one only, and the operator. */
export type Scope = World | "all";

/**
 * What is claimed, at most once over all organizations: a number as a carrier sells it, or as its
 * owner says to have it with a SIP provider, in either world. A purchase is proved by its carrier,
 * an import by nobody: so the latter never keeps a number from a buyer.
 */
export type ClaimKey = E164 | `${"import" | "sandbox" | "sandbox-import"}:${E164}`;

/** The world of a carrier's numbers, by the carrier's name. */
export const worldOfCarrier = (carrier: string): World =>
  carrier === "sandbox" ? "sandbox" : "live";

/** The key of a number that a carrier sells in this world; it is the number itself for live ones. */
export const carrierClaim = (world: World, e164: E164): ClaimKey =>
  world === "live" ? e164 : `sandbox:${e164}`;

/** The key of a number that is imported in this world. */
export const importClaim = (world: World, e164: E164): ClaimKey =>
  world === "live" ? `import:${e164}` : `sandbox-import:${e164}`;

/** The worlds of a scope. */
export const worldsOf = (scope: Scope): readonly World[] =>
  scope === "all" ? ["live", "sandbox"] : [scope];

/** Whether what is of this world is within the scope. */
export const isWithin = (scope: Scope, world: World): boolean => scope === "all" || scope === world;

const KINDS: ReadonlySet<string> = new Set(["import", "sandbox", "sandbox-import"]);

/** Whether a text is the key of a claim. */
export const isClaimKey = (text: string): text is ClaimKey => {
  const colon = text.indexOf(":");
  return isE164(text.slice(colon + 1)) && (colon < 0 || KINDS.has(text.slice(0, colon)));
};

/** The number that a key is about. */
export const claimedNumber = (key: ClaimKey): E164 => key.slice(key.indexOf(":") + 1) as E164;

/** All keys that a number may be claimed by. */
export const claimKeysOf = (e164: E164): readonly ClaimKey[] =>
  worldsOf("all").flatMap((world) => [carrierClaim(world, e164), importClaim(world, e164)]);
