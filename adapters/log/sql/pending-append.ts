/** The appends that wait in the queue. */
import type { Unavailable } from "../../../core/log/unavailable.ts";
import type { Append, AppendOutcome, Head } from "../../../core/ports/mod.ts";
import { compareText } from "../append-checks.ts";
import { isLarge, type Prepared } from "./batch.ts";

/** How many appends go into one statement at most; more of them make it no faster. */
const MAX_BATCH = 128;

/** An append that waits for its outcome. */
export type Waiting = {
  readonly append: Append;
  /**
   * Its organization and the numbers it names, as strings: what no other append may write
   * meanwhile.
   */
  readonly names: readonly string[];
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

const namesOf = ({ organization, claims, free }: Append): readonly string[] => [
  `o${organization}`,
  ...free.map(({ key }) => key),
  ...claims.map(({ key }) => key),
];

/** An append that was not tried yet. */
export const waitingFor = (
  append: Append,
  settle: Waiting["settle"],
  fail: Waiting["fail"],
): Waiting => ({
  append,
  names: namesOf(append),
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
 * Takes from the queue, in order, what may go into one statement: at most `most`, one append of
 * each organization, and none that names what an earlier one or one under way (`busy`) names; or a
 * large one alone. The others keep their places. In the order of their organizations, two
 * statements seldom lock what the other one waits for.
 */
export const takeBatch = (
  queue: Waiting[],
  busy: ReadonlySet<string>,
  most: number,
): readonly Waiting[] => {
  const named = new Set<string>();
  const batch: Waiting[] = [];
  let left = 0;
  for (const waiting of queue) {
    if (batch.length === Math.min(most, MAX_BATCH)) break;
    const { names, append } = waiting;
    const [first] = batch;
    const fits = (first === undefined || !isLarge(append) && !isLarge(first.append)) &&
      names.every((name) => !named.has(name) && !busy.has(name));
    // The names of a waiting one count as well, so that a later append cannot overtake it.
    for (const name of names) named.add(name);
    if (fits) batch.push(waiting);
    else queue[left++] = waiting;
  }
  queue.splice(left, batch.length);
  return batch.sort((a, b) => compareText(a.append.organization, b.append.organization));
};

/** Notes a batch whose answer was lost; all of it is to be tried again. */
export const lose = (batch: readonly Waiting[], lost: Unavailable): readonly Waiting[] => {
  for (const waiting of batch) {
    waiting.losses += 1;
    waiting.lost = lost;
  }
  return batch;
};
