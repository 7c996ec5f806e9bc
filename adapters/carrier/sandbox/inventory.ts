import { hasDigits, hasFeatures } from "../../../core/number/search.ts";
import type { Offer, SearchFilters } from "../../../core/ports/mod.ts";
import type { E164 } from "../../../core/values/e164.ts";
import { placeTest } from "../../../core/values/place.ts";
import { townKey } from "../../../core/values/town.ts";
import { type Block, LISTED } from "./number-block.ts";
import { interleaved } from "./interleave.ts";
import { magicOf } from "./magic.ts";
import { nanpBlocks } from "./nanp.ts";
import { patterned } from "./digit-pattern.ts";
import { worldBlocks } from "./international.ts";

export type Inventory = {
  /**
   * What search lists for these filters, sold or not, in an order that never changes: the first
   * number of each block, then the second of each, and so on. Where digits are given, numbers that
   * have them. Nothing for a country, an area code, a town or a feature that no block has, and
   * nothing more once `LOOKED_AT` candidates were tried. The caller applies the limit.
   */
  listed(filters: SearchFilters): Generator<Offer>;
  /** The offer of any number that a numbering plan here has, listed or not; else undefined. */
  offerOf(e164: E164): Offer | undefined;
};

/** How many candidates a search for features or digits tries: a tenth of a second at most. */
const LOOKED_AT = 5_000;

const keys = new Map<string, string>();

/** The key of a town of the plans, of which there are some hundreds. */
const keyOf = (town: string): string => {
  const key = keys.get(town) ?? townKey(town);
  keys.set(town, key);
  return key;
};

type IsThere = (region: Offer["region"]) => boolean;

/** Whether a number is in the given place; true where no place is given. */
const placing = ({ country, locality: asked }: SearchFilters): IsThere => {
  if (asked === undefined) return () => true;
  const isThere = placeTest(asked, country, keyOf);
  return ({ locality, state }) => locality !== null && isThere(locality, state);
};

const isWanted = (block: Block, filters: SearchFilters, isThere: IsThere): boolean => {
  const { country, type, areaCode, features } = filters;
  return block.country === country && block.type === type &&
    (areaCode === undefined || block.areaCode === areaCode) && hasFeatures(block, features) &&
    (filters.locality === undefined || block.regions().some(isThere));
};

const hasPattern = ({ contains, startsWith, endsWith }: SearchFilters): boolean =>
  contains !== undefined || startsWith !== undefined || endsWith !== undefined;

/** A candidate of a search: a number of a block; null where the block does not have it. */
type Candidate = { readonly block: Block; readonly number: E164 | null };

function* candidatesOf(block: Block, filters: SearchFilters): Generator<Candidate> {
  if (hasPattern(filters)) {
    for (const number of patterned(block, filters)) yield { block, number };
  } else {
    for (let index = 0; index < LISTED; index++) yield { block, number: block.numberAt(index) };
  }
}

function* listed(blocks: readonly Block[], filters: SearchFilters): Generator<Offer> {
  const isThere = placing(filters);
  const narrows = hasPattern(filters) || filters.features !== undefined;
  const wanted = blocks.filter((block) => isWanted(block, filters, isThere));
  let looked = 0;
  for (const { block, number } of interleaved(wanted.map((each) => candidatesOf(each, filters)))) {
    if (narrows && looked++ === LOOKED_AT) return;
    if (number === null || magicOf(number) === "notAvailable") continue;
    const offer = block.offer(number);
    if (
      isThere(offer.region) && hasDigits(number, filters) && hasFeatures(offer, filters.features)
    ) yield offer;
  }
}

/** The next `count` offers, or the rest of them. */
export const take = (offers: Generator<Offer>, count: number): readonly Offer[] => {
  const taken: Offer[] = [];
  while (taken.length < count) {
    const next = offers.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
};

const compute = (): Inventory => {
  const american = nanpBlocks();
  const others = worldBlocks();
  const blocks = [...american, ...others];
  // Backwards, so that the US keeps the toll-free prefixes that it shares with Canada.
  const byStart = new Map(american.toReversed().map((block) => [`+1${block.areaCode}`, block]));
  const blockOf = (e164: E164): Block | undefined =>
    byStart.get(e164.slice(0, "+1415".length)) ?? others.find((block) => block.has(e164));
  return {
    listed: (filters) => listed(blocks, filters),
    offerOf: (e164) => {
      const block = blockOf(e164);
      return block?.has(e164) === true ? block.offer(e164) : undefined;
    },
  };
};

let opened: Inventory | null = null;

/**
 * The numbers of the sandbox: the same in every process, computed and never stored. It is made when
 * it is first asked for, which takes some milliseconds, and once for all carriers.
 */
export const openInventory = (): Inventory => opened ??= compute();
