/**
 * Compares all numbers of both sides, a page at a time (core/README.md, Reconciliation). What it
 * keeps of a number is a few bytes, and of one that drifts what is to be done about it.
 */
import type { CarrierNumber } from "../ports/mod.ts";
import type { E164 } from "../values/e164.ts";
import type { Drift } from "../events/drift.ts";
import { type Circumstances, classify, type Verdict } from "./compare.ts";
import { openNumberTable, printOf } from "./number-table.ts";
import type { OurNumber } from "./our-number.ts";
import { mayAgree } from "./route-drift.ts";
import { MAX_LISTED } from "./state.ts";

/**
 * One run ends at most this many ghosts, and at most a fifth of all numbers, but always one. When
 * there are more, it is likelier that the account is the wrong one than that the carrier lost the
 * numbers.
 */
const MAX_GHOSTS = 10;
const MAX_GHOST_SHARE = 0.2;

/** How many numbers there were on each side, and in each class that is not drift. */
export type Seeing = {
  readonly ours: number;
  readonly theirs: number;
  readonly agreed: number;
  readonly inFlight: number;
  readonly foreign: number;
};

/** How many numbers drifted in each way. */
export type DriftCounts = Readonly<Record<Drift["kind"], number>>;

/** A drift, with our number as it was read before the carrier was asked and after. */
export type Found = { readonly drift: Drift; readonly ours: OurNumber | null };

/**
 * The result of a comparison. `drifts` are all that something is to be done about, and the first of
 * the others, as many as a report lists; `further` counts those that were left out.
 */
export type Comparison = {
  readonly seen: Seeing;
  readonly drifts: readonly Found[];
  readonly further: DriftCounts;
};

/** With what a lost order's number is instead where the log is a copy. */
type Kept = Found & { readonly copied: Drift | null };

const isSame = (ours: OurNumber | undefined, theirs: CarrierNumber): boolean =>
  ours?.carrierId === theirs.carrierId && mayAgree(ours, theirs);

/** The order keys of which it must be known whether they are ours: where the sides do not agree. */
export const keysInDoubt = (
  theirs: Iterable<CarrierNumber>,
  ours: ReadonlyMap<E164, OurNumber>,
): readonly string[] =>
  [...theirs].flatMap((number) =>
    number.orderKey === null || isSame(ours.get(number.e164), number) ? [] : [number.orderKey]
  );

/** So many ghosts may be ended: where nothing else agrees, a single one. */
const mostGhosts = ({ ours, agreed }: Seeing): number =>
  agreed === 0 ? 1 : Math.min(MAX_GHOSTS, Math.max(1, ours * MAX_GHOST_SHARE));

/** Too many ghosts at the same time are reported and left alone, all of them. */
const sparing = (found: readonly Found[], seen: Seeing, ghosts: number): readonly Found[] => {
  if (ghosts <= mostGhosts(seen)) return found;
  const why = `With ${ghosts} of ${seen.ours} numbers gone at the same time, it is left alone: ` +
    "see that the carrier's account is the right one.";
  return found.map(({ drift, ours }) => ({
    ours,
    drift: drift.kind === "ghost"
      ? { ...drift, remedy: "report", message: `${drift.message} ${why}` }
      : drift,
  }));
};

const compareIds = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0;

/** By organization and holding; behind them orphans, as the carrier listed them. */
const inOrder = ({ ours: a }: Found, { ours: b }: Found): number =>
  a === null || b === null
    ? Number(a === null) - Number(b === null)
    : compareIds(a.organization, b.organization) || compareIds(a.holding, b.holding) ||
      compareIds(a.e164, b.e164);

// What is marked of a number: where it was seen, and above that the place of its class.
const [BEFORE, THEIRS, AFTER] = [1, 2, 4] as const;
const SIDES = BEFORE | THEIRS | AFTER;
const CLASSES = [
  "none",
  "agreed",
  "inFlight",
  "foreign",
  "orphan",
  "ghost",
  "stuck",
  "mismatch",
] as const;
type Class = typeof CLASSES[number];

const classOf = (verdict: Verdict): Class =>
  verdict.class === "drift" ? verdict.drift.kind : verdict.class;

const markOf = (one: Class): number => CLASSES.indexOf(one) * (SIDES + 1);

const marked = (marks: number): Class => CLASSES[Math.floor(marks / (SIDES + 1))] ?? "none";

/** What a number that is held must have been before as well, to count as one that did not move. */
const printed = ({ holding, stage, route }: OurNumber): number =>
  printOf([holding, stage, route?.wish, route?.settled?.at].join(" "));

/** The class that a number has in the end, from all its marks. */
const ended = (marks: number): Class => {
  const one = marked(marks);
  if ((marks & AFTER) !== 0 || one === "foreign" || one === "orphan") return one;
  // It was ours, and went while the sides were read.
  return "inFlight";
};

const countsOf = (all: Iterable<number>) => {
  const counts = { ours: 0, theirs: 0 };
  const classes: Record<Class, number> = {
    none: 0,
    agreed: 0,
    inFlight: 0,
    foreign: 0,
    orphan: 0,
    ghost: 0,
    stuck: 0,
    mismatch: 0,
  };
  for (const marks of all) {
    if ((marks & AFTER) !== 0) counts.ours++;
    if ((marks & THEIRS) !== 0) counts.theirs++;
    classes[ended(marks)]++;
  }
  const { agreed, inFlight, foreign, orphan, ghost, stuck, mismatch } = classes;
  const seen: Seeing = { ...counts, agreed, inFlight, foreign };
  return { seen, drifted: { orphan, ghost, stuck, mismatch } };
};

/** The drifts that are found, of those to report not many more than a report lists. */
const openDrifts = () => {
  const kept = new Map<E164, Kept>();
  let [idle, ghosts] = [0, 0];
  const isIdle = ({ drift }: Found): boolean =>
    drift.remedy === "report" || drift.kind === "ghost" && ghosts > MAX_GHOSTS;
  const trim = (): void => {
    const all = [...kept.values()].filter(isIdle).toSorted(inOrder);
    for (const { drift } of all.slice(MAX_LISTED)) kept.delete(drift.e164);
    idle = MAX_LISTED;
  };
  return {
    put: (e164: E164, found: Kept | null): void => {
      if (found === null) return void kept.delete(e164);
      kept.set(e164, found);
      if (found.drift.kind === "ghost") ghosts++;
      if (isIdle(found)) idle++;
      if (idle > 2 * MAX_LISTED) trim();
    },
    all: (): readonly Kept[] => [...kept.values()].toSorted(inOrder),
  };
};

/** What is known of the numbers, from what was read of them so far. */
const openNotes = () => {
  const table = openNumberTable();
  const drifts = openDrifts();

  const note = (e164: E164, side: number, verdict: Verdict, found: Kept | null): void => {
    const { print, marks } = table.get(e164);
    table.set(e164, { print, marks: marks & SIDES | side | markOf(classOf(verdict)) });
    drifts.put(e164, found);
  };

  /** Ours now, if it was ours before and has not moved. */
  const unmoved = (ours: OurNumber): OurNumber | null => {
    const { print, marks } = table.get(ours.e164);
    return (marks & BEFORE) !== 0 && print === printed(ours) ? ours : null;
  };

  const theirNumber = (
    theirs: CarrierNumber,
    ours: OurNumber | null,
    circumstances: Circumstances,
  ): void => {
    const { e164, orderKey } = theirs;
    const before = ours === null ? null : unmoved(ours);
    const seen = { before, after: ours, theirs };
    let verdict = classify(seen, circumstances);
    const went = ours === null && (table.get(e164).marks & BEFORE) !== 0;
    if (went && verdict.class === "drift") verdict = { class: "inFlight" };
    if (verdict.class !== "drift") return note(e164, THEIRS, verdict, null);
    const isLost = orderKey !== null && circumstances.lost?.has(orderKey) === true;
    const other = isLost ? classify(seen, { ...circumstances, isCopied: true }) : verdict;
    const copied = other.class === "drift" ? other.drift : null;
    note(e164, THEIRS, verdict, { drift: verdict.drift, ours, copied });
  };

  const ourNumber = (ours: OurNumber, circumstances: Circumstances): void => {
    const { e164 } = ours;
    const { print, marks } = table.get(e164);
    const before = unmoved(ours);
    // It was compared with theirs when that was read, and is as it was then.
    if ((marks & THEIRS) !== 0 && before !== null) {
      return table.set(e164, { print, marks: marks | AFTER });
    }
    const verdict = classify({ before, after: ours, theirs: null }, circumstances);
    const found = verdict.class === "drift" ? { drift: verdict.drift, ours, copied: null } : null;
    note(e164, AFTER, verdict, found);
  };
  return { table, drifts, theirNumber, ourNumber };
};

/**
 * A comparison, which is given both sides in this order, each number of ours at most once: our
 * numbers `before` the carrier is asked; each page of `theirs`, with ours of the same numbers; and
 * our numbers `after` it has answered. Ours is read twice so that a number that came or went
 * meanwhile does not count as drift.
 */
export const openComparison = () => {
  const { table, drifts, theirNumber, ourNumber } = openNotes();
  return {
    before: (ours: Iterable<OurNumber>): void => {
      for (const number of ours) {
        table.set(number.e164, { print: printed(number), marks: BEFORE });
      }
    },
    theirs: (
      page: Iterable<CarrierNumber>,
      ours: ReadonlyMap<E164, OurNumber>,
      circumstances: Circumstances,
    ): void => {
      for (const number of page) {
        theirNumber(number, ours.get(number.e164) ?? null, circumstances);
      }
    },
    after: (ours: Iterable<OurNumber>, circumstances: Circumstances): void => {
      for (const number of ours) ourNumber(number, circumstances);
    },
    /** How many numbers of ours there were before, and how many of theirs so far. */
    soFar: (): Pick<Seeing, "ours" | "theirs"> => {
      const counts = { ours: 0, theirs: 0 };
      for (const marks of table.marks()) {
        if ((marks & BEFORE) !== 0) counts.ours++;
        if ((marks & THEIRS) !== 0) counts.theirs++;
      }
      return counts;
    },
    /** What was found; `isCopied` as in `Circumstances`, of all that was seen. */
    end: (isCopied: boolean): Comparison => {
      const { seen, drifted } = countsOf(table.marks());
      const left = drifts.all().filter(({ ours }) =>
        ours === null || (table.get(ours.e164).marks & AFTER) !== 0
      ).map(({ drift, ours, copied }) => ({ drift: isCopied ? copied ?? drift : drift, ours }));
      const further = { ...drifted };
      for (const { drift } of left) further[drift.kind]--;
      return { seen, drifts: sparing(left, seen, drifted.ghost), further };
    },
  };
};
