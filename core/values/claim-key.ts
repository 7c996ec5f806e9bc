import { type E164, isE164 } from "./e164.ts";

/**
 * The sandbox's numbers are a separate world: nothing in it blocks, changes or uses up anything of
 * the live one (adapters/carrier/telnyx/README.md, Two worlds).
 */
export type World = "live" | "sandbox";

/**
 * The worlds that a caller sees and changes: one, or all where there is one only, and the operator.
 */
export type Scope = World | "all";

/**
 * Which places of its plan a number takes: those of its organization, or, where it is the sandbox's
 * beside a live carrier, as many others that are counted apart.
 */
export type Place = typeof PLACES[number];
export const PLACES = ["own", "sandbox"] as const;

/**
 * The places that a number of this world takes, where the ledger's own carrier is of the world
 * `own`. In the sandbox beside a live carrier nothing costs anything, and nothing live is used up.
 */
export const placeIn = (own: World, world: World): Place =>
  own === "live" && world === "sandbox" ? "sandbox" : "own";

/** A place as events have it, which only say where it is not the organization's own. */
export type PlaceData = { readonly place?: "sandbox" | undefined };

/** What an event says of this place. */
export const placeData = (place: Place): PlaceData => place === "own" ? {} : { place };

/** The place that an event speaks of. */
export const placeOf = ({ place }: PlaceData): Place => place ?? "own";

/**
 * What is claimed, at most once over all organizations: a number as a carrier sells it, or as its
 * owner claims to have it with a SIP provider, in either world. The carrier proves a purchase;
 * nothing proves an import, so an import never keeps a number from a buyer.
 */
export type ClaimKey = E164 | `${"import" | "sandbox" | "sandbox-import"}:${E164}`;

/** The world of a carrier's numbers, by the carrier's name. */
export const worldOfCarrier = (carrier: string): World =>
  carrier === "sandbox" ? "sandbox" : "live";

/**
 * The key of a number that a carrier sells in this world; it is the number itself for live ones.
 */
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
