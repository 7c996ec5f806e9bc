import type { Offer, SearchFilters } from "../../../core/ports.ts";
import type { E164 } from "../../../core/values/e164.ts";
import { type Block, LISTED } from "./block.ts";
import { nanpBlocks } from "./nanp.ts";
import { worldBlocks } from "./world.ts";

export type Inventory = {
  /**
   * What search lists for these filters, sold or not, in an order that never changes: the first
   * number of each block, then the second of each, and so on. Nothing for a country, an area code or
   * a town that no block has. The limit is the caller's to keep.
   */
  listed(filters: SearchFilters): Generator<Offer>;
  /** The offer of any number that a numbering plan here has, listed or not; else undefined. */
  offerOf(e164: E164): Offer | undefined;
};

// São Paulo is found as "sao paulo".
const plain = (town: string): string =>
  town.normalize("NFD").replace(/\p{Mark}/gu, "").toLowerCase();

const isWanted = (block: Block, filters: SearchFilters, town: string | null): boolean =>
  block.country === filters.country && block.type === filters.type &&
  (filters.areaCode === undefined || block.areaCode === filters.areaCode) &&
  (town === null || block.regions().some(({ locality }) => plain(locality ?? "") === town));

function* listed(blocks: readonly Block[], filters: SearchFilters): Generator<Offer> {
  const town = filters.locality === undefined ? null : plain(filters.locality);
  const wanted = blocks.filter((block) => isWanted(block, filters, town));
  for (let index = 0; wanted.length > 0 && index < LISTED; index++) {
    for (const block of wanted) {
      const offer = block.offer(block.numberAt(index));
      if (town === null || plain(offer.region.locality ?? "") === town) yield offer;
    }
  }
}

/** The next `count` offers, or what is left of them. */
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
