/**
 * Compares a recording with what Ledgerline promises. Pure: it reads nothing but the record.
 */
import { isDeepStrictEqual } from "node:util";
import { digest } from "../../adapters/log/digest.ts";
import { EMPTY_HEAD, verifyChain } from "../../core/log/chain.ts";
import { claimsHeld, claimsOf } from "../../core/registry/claims.ts";
import { toFact } from "../../core/events/vocabulary.ts";
import { fold, replay, rowsOf } from "../../core/registry/replay.ts";
import { State } from "../../core/log/state.ts";
import { numbers } from "../../core/number/state.ts";
import type { ClaimKey } from "../../core/values/claim-key.ts";
import { RECONCILIATIONS } from "../../core/reconciliation/state.ts";
import type { RecordedEvent, Row } from "../../core/ports/mod.ts";
import { domainRules } from "../harness/rules.ts";
import { asRead } from "../support/rows.ts";
import { checkCalls } from "./calls.ts";
import type { Book, Recording } from "./recording.ts";

/** The rules, each with what it says. */
export const RULES = {
  "one chain": "positions are gapless and unique, and every hash follows from the one before",
  "done once": "what was acknowledged is in the log exactly once, under the id that was given",
  "at most once": "what got no answer is in the log at most once, what was refused is not",
  "reads are current": "a list shows what was acknowledged before it was asked for, and no more",
  "readers see all": "who follows sees each event once, in order, and nothing that is not there",
  "one holder": "a number has one holder at any time",
  "domain": "limits, trials, periods, charges, credits and ends are as the domain has them",
  "rows are the fold": "rows and claims are what the log leads to",
  "carrier agrees": "the carrier has sold what is held, and no more",
  "settled": "nothing stays half done",
} as const;

export type RuleName = keyof typeof RULES;

/** Where a rule is broken. */
export type Violation = { readonly rule: RuleName; readonly what: string };

const broken = (rule: RuleName, what: string): Violation => ({ rule, what });

const checkChain = ({ organization, events }: Book): readonly Violation[] => {
  const verified = verifyChain(events, EMPTY_HEAD, digest);
  return verified.ok ? [] : [broken("one chain", `${organization}: ${verified.error.why}`)];
};

const checkDomain = ({ organization, events }: Book): readonly Violation[] => {
  if (organization === RECONCILIATIONS) return [];
  const facts = events.map(toFact);
  return domainRules().flatMap((rule) => {
    try {
      rule(facts);
      return [];
    } catch (error) {
      return [
        broken("domain", `${organization}: ${error instanceof Error ? error.message : error}`),
      ];
    }
  });
};

/**
 * From when to when a holding had a key of its number, by when that was committed: a purchase has
 * the number of its carrier, an import the imported one, and so has a purchase once it is
 * confirmed.
 */
type Tenure = { readonly key: ClaimKey; readonly holding: string; from: number; to: number };

const tenuresOf = ({ events, committed_us }: Book): readonly Tenure[] => {
  const tenures: Tenure[] = [];
  const state = State.empty();
  for (const [index, event] of events.entries()) {
    const fact = toFact(event);
    const at = committed_us[index] ?? 0;
    const { claims, free } = claimsOf([fact], state);
    for (const { key, holder } of free) {
      const over = tenures.find((each) =>
        each.key === key && each.holding === holder && each.to === Number.POSITIVE_INFINITY
      );
      if (over !== undefined) over.to = at;
    }
    for (const { key, holder: holding } of claims) {
      tenures.push({ key, holding, from: at, to: Number.POSITIVE_INFINITY });
    }
    fold(state, fact);
  }
  return tenures;
};

const checkHolders = (books: readonly Book[]): readonly Violation[] => {
  // A new holder of a number commits after its release was committed, on the same clock.
  const tenures = books.flatMap(tenuresOf).toSorted((a, b) => a.from - b.from || a.to - b.to);
  const last = new Map<ClaimKey, Tenure>();
  const violations: Violation[] = [];
  for (const tenure of tenures) {
    const { key, holding, from } = tenure;
    const before = last.get(key);
    if (before !== undefined && from < before.to) {
      violations.push(broken("one holder", `${key}: ${before.holding} and ${holding} at ${from}`));
    }
    if (before === undefined || before.to <= tenure.to) last.set(key, tenure);
  }
  return violations;
};

/** As JSON, the values that are in one list more often than in the other. */
const surplus = (values: readonly unknown[], others: readonly unknown[]): readonly string[] => {
  const left = others.map((value) => JSON.stringify(value));
  return values.map((value) => JSON.stringify(value)).filter((text) => {
    const at = left.indexOf(text);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
};

const byName = (rows: readonly Row[]): ReadonlyMap<string, unknown> =>
  new Map(rows.map((row) => [`${row.kind} ${row.key}`, JSON.parse(JSON.stringify(row))]));

/** The names of rows that are not the same on both sides. */
const differing = (there: readonly Row[], folded: readonly Row[]): readonly string[] => {
  const [one, other] = [byName(there), byName(folded)];
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((name) => !isDeepStrictEqual(one.get(name), other.get(name)));
};

const checkRows = ({ books, claims }: Recording): readonly Violation[] => {
  const states = books.map(({ organization, events, rows }) => ({
    organization,
    rows,
    state: replay(events),
  }));
  const wrong = states.flatMap(({ organization, rows, state }) =>
    differing(rows, asRead(rowsOf(state)))
      .map((name) => broken("rows are the fold", `the row ${name} of ${organization}`))
  );
  const held = states.flatMap(({ organization, state }) =>
    claimsHeld(state).map(({ key, holder }) => ({ key, organization, holder }))
  );
  const there = claims.map(({ key, organization, holder }) => ({ key, organization, holder }));
  return [
    ...wrong,
    ...surplus(there, held).map((text) => broken("rows are the fold", `a claim too many: ${text}`)),
    ...surplus(held, there).map((text) => broken("rows are the fold", `no claim ${text}`)),
  ];
};

/** Numbers of the organization that are in use, and what is on its way. */
const checkEnd = ({ books, sold }: Recording): readonly Violation[] => {
  const held = books.flatMap(({ events }) => replay(events).all(numbers))
    .flatMap((number) => number.source === "managed" ? [number] : []);
  const open = held.filter(({ stage: { status } }) =>
    status === "purchasing" || status === "releasing"
  );
  const active = held.flatMap(({ e164, stage }) =>
    stage.status === "active" ? [{ carrierId: stage.carrierId, e164 }] : []
  );
  const there = sold.map(({ carrierId, e164 }) => ({ carrierId, e164 }));
  return [
    ...open.map(({ id, stage }) => broken("settled", `${id} is still ${stage.status}`)),
    ...surplus(there, active).map((text) => broken("carrier agrees", `nobody holds ${text}`)),
    ...surplus(active, there).map((text) => broken("carrier agrees", `it does not keep ${text}`)),
  ];
};

const checkReadings = ({ readings, books }: Recording): readonly Violation[] => {
  const logs = new Map<string, readonly RecordedEvent[]>(
    books.map(({ organization, events }) => [organization, events]),
  );
  const violations: Violation[] = [];
  const reached = new Map<string, Map<string, number>>();
  for (const { reader, of, after, seen } of readings) {
    const positions = new Map(Object.entries(after));
    const tell = (what: string) => violations.push(broken("readers see all", `${reader}: ${what}`));
    for (const { organization, position, hash } of seen) {
      const next = (positions.get(organization) ?? 0) + 1;
      if (position !== next) tell(`${organization} ${position} comes where ${next} should`);
      if (logs.get(organization)?.[position - 1]?.hash !== hash) {
        tell(`${organization} ${position} is another event in the log`);
      }
      positions.set(organization, position);
    }
    const all = of === null ? [...logs.keys()] : [of];
    const known = reached.get(reader) ?? new Map(all.map((organization) => [organization, 0]));
    for (const [organization, position] of Object.entries(after)) {
      if (position > (known.get(organization) ?? 0)) {
        tell(`it begins after ${organization} ${position}, which it has not seen`);
      }
    }
    for (const [organization, position] of positions) known.set(organization, position);
    reached.set(reader, known);
  }
  for (const [reader, positions] of reached) {
    for (const [organization, position] of positions) {
      const end = logs.get(organization)?.length ?? 0;
      if (position === end) continue;
      violations.push(
        broken(
          "readers see all",
          `${reader} ends at ${organization} ${position}, the log at ${end}`,
        ),
      );
    }
  }
  return violations;
};

/** Every place where a recording breaks a rule; none when all is well. */
export const check = (recording: Recording): readonly Violation[] => [
  ...recording.books.flatMap(checkChain),
  ...checkCalls(recording).map(({ rule, what }) => broken(rule, what)),
  ...checkReadings(recording),
  ...checkHolders(recording.books),
  ...recording.books.flatMap(checkDomain),
  ...checkRows(recording),
  ...checkEnd(recording),
];
