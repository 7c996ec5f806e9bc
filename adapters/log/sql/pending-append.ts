/** The appends that wait in the queue. */
import type { Unavailable } from "../../../core/log/unavailable.ts";
import type { Append, AppendOutcome, Head } from "../../../core/ports/mod.ts";
import { compareText } from "../append-checks.ts";
import { isLarge, prepare, type Prepared, putsBelow } from "./batch.ts";

/** How many appends go into one statement at most; more of them make it no faster. */
const MAX_BATCH = 128;

/** An append that waits for its outcome. */
export type Waiting = {
  readonly append: Append;
  /**
   * Its organization, which comes first, the numbers it names, and its command, as strings: what no
   * other append may write meanwhile.
   */
  readonly names: readonly string[];
  /** What it is at the head that it expects; null where that is any, or it is not known yet. */
  prepared: Prepared | null;
  /** How many of its organization, with itself, may go into one statement with it. */
  most: number;
  /** The head that an append at any head is tried on next; null when it must be read first. */
  head: Head | null;
  /**
   * What was sent and not answered: it may be committed. Until that is known, nothing else is
   * tried.
   */
  unanswered: Prepared | null;
  /** How often there was no answer, and the error of the last time; null when there was one. */
  losses: number;
  lost: Unavailable | null;
  /** How often it was refused, and how often recently without a conflict. */
  refusals: number;
  unexplained: number;
  /** When it was sent first, by `performance.now()`; null until then. */
  begun: number | null;
  /** Whether it is to be sent alone: its batch was blocked, perhaps because of it. */
  isApart: boolean;
  /** How often it was blocked alone. */
  blocks: number;
  /** Whether its names are kept from others while it waits to be tried again. */
  isHeld: boolean;
  readonly settle: (outcome: AppendOutcome) => void;
  readonly fail: (error: unknown) => void;
};

const namesOf = ({ organization, command, claims, free }: Append): readonly string[] => [
  `o${organization}`,
  ...free.map(({ key }) => key),
  ...claims.map(({ key }) => key),
  ...(command === null ? [] : [`c${JSON.stringify([organization, command.id])}`]),
];

/** An append that was not tried yet. */
export const waitingFor = (
  append: Append,
  settle: Waiting["settle"],
  fail: Waiting["fail"],
): Waiting => ({
  append,
  names: namesOf(append),
  prepared: null,
  most: MAX_BATCH,
  head: null,
  unanswered: null,
  losses: 0,
  lost: null,
  refusals: 0,
  unexplained: 0,
  begun: null,
  isApart: false,
  blocks: 0,
  isHeld: false,
  settle,
  fail,
});

/**
 * An append as it is at the head that it expects, which is prepared once; null where that is any
 * head. Throws what `JSON.stringify` throws.
 */
export const preparedOf = (waiting: Waiting): Prepared | null => {
  const { append } = waiting;
  if (append.expected !== "any") waiting.prepared ??= prepare(append, append.expected);
  return waiting.prepared;
};

/** The head that an append leads to, where that is known before it is sent. */
const headAfter = (waiting: Waiting): Head | null => {
  try {
    return preparedOf(waiting)?.head ?? null;
  } catch {
    // It fails where it is sent.
    return null;
  }
};

/** Those of an organization that are in a batch: a chain, of which each expects the one before. */
type Chain = { readonly all: Waiting[]; most: number };

const isNext = ({ all, most }: Chain, { append, most: mostWith }: Waiting): boolean => {
  const { expected } = append;
  const last = all.at(-1);
  const isFull = all.length >= Math.min(most, mostWith);
  if (expected === "any" || last === undefined || isFull || isLarge(append)) return false;
  const head = headAfter(last);
  return head?.position === expected.position && head.hash === expected.hash &&
    !all.some(({ prepared }) => prepared !== null && putsBelow(append, prepared));
};

/**
 * Takes from the queue, in order, what may go into one statement: appends of at most `most`
 * organizations, of which none names what an earlier one or one under way (`busy`) names; or a
 * large one alone. Several of one organization go together where each expects the head that the one
 * before leads to. The others keep their places. In the order of their organizations, two
 * statements seldom lock what the other one waits for.
 */
export const takeBatch = (
  queue: Waiting[],
  busy: { has(name: string): boolean },
  most: number,
): readonly Waiting[] => {
  const named = new Set<string>();
  const chains = new Map<string, Chain>();
  const batch: Waiting[] = [];
  const isFree = (name: string): boolean => !named.has(name) && !busy.has(name);
  let begun = 0;
  let left = 0;
  for (const waiting of queue) {
    const { names: [organization = "", ...others], append } = waiting;
    const [first] = batch;
    const chain = chains.get(organization);
    const continues = chain !== undefined && isNext(chain, waiting);
    if (batch.length === MAX_BATCH || !continues && begun === most) break;
    const fits = (first === undefined || !isLarge(append) && !isLarge(first.append)) &&
      (continues || isFree(organization)) && others.every(isFree);
    // The names of a waiting one count as well, so that a later append cannot overtake it.
    for (const name of waiting.names) named.add(name);
    if (!fits) {
      chains.delete(organization);
      queue[left++] = waiting;
      continue;
    }
    batch.push(waiting);
    if (continues) {
      chain.all.push(waiting);
      chain.most = Math.min(chain.most, waiting.most);
    } else {
      begun += 1;
      chains.set(organization, { all: [waiting], most: waiting.most });
    }
  }
  queue.splice(left, batch.length);
  return batch.sort((a, b) => compareText(a.append.organization, b.append.organization));
};

/** Has appends of one organization, one of which cannot be committed, go in halves. */
export const halve = (chain: readonly Waiting[]): void => {
  for (const waiting of chain) waiting.most = Math.ceil(chain.length / 2);
};

/** Notes a batch whose answer was lost; all of it is to be tried again. */
export const lose = (batch: readonly Waiting[], lost: Unavailable): readonly Waiting[] => {
  for (const waiting of batch) {
    waiting.losses += 1;
    waiting.lost = lost;
  }
  return batch;
};
