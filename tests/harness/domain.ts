/** The domain alone: organizations as lists of facts, decided by the core without a ledger. */
import {
  type Command,
  decide,
  moreOf,
  needsOf,
  type Refusal,
} from "../../core/registry/commands.ts";
import { claimsOf } from "../../core/registry/claims.ts";
import { mergeNeeds } from "../../core/log/needs.ts";
import { type Context, type Decision, ONE_WORLD } from "../../core/log/decision.ts";
import { type DomainEvent, type Fact, toDraft, toFact } from "../../core/events/vocabulary.ts";
import { fold, rowsOf } from "../../core/registry/replay.ts";
import { SUBJECTS } from "../../core/registry/subjects.ts";
import { State } from "../../core/log/state.ts";
import { type PlanCatalogue } from "../../core/values/plan.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import type { Claim, Needs, Row } from "../../core/ports/mod.ts";
import type { Instant } from "../../core/values/calendar.ts";
import type { ClaimKey, Scope } from "../../core/values/claim-key.ts";
import type { Actor } from "../../core/values/identity.ts";

/** When a command is given, and by whom. */
export type Saying = {
  readonly at: Instant;
  readonly actor: Actor;
  /** What is seen and changed; all when left out. */
  readonly scope?: Scope | undefined;
};

/** One organization: what happened, and the state that it led to. */
export type Book = { readonly facts: readonly Fact[]; readonly state: State };

/** Several organizations and the claims between them. */
export type Domain = {
  /** The organization's facts and state; empty where nothing happened yet. */
  readonly book: (organization: string) => Book;
  readonly claims: ReadonlyMap<ClaimKey, Claim>;
  /** Decides a command, and changes nothing. */
  readonly decide: (organization: string, command: Command, saying: Saying) => Decision<Refusal>;
  /** Lets these events happen, as they come back from their stored form. */
  readonly record: (organization: string, events: readonly DomainEvent[], saying: Saying) => void;
  /** Decides a command, and lets what follows from it happen. */
  readonly give: (organization: string, command: Command, saying: Saying) => Decision<Refusal>;
};

const throughJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));

/** The event as it is read back from the log, with who did it and when. */
export const storedAndRead = (event: DomainEvent, { at, actor }: Saying): Fact =>
  toFact(throughJson({
    ...toDraft(event),
    organization: "model",
    position: 1,
    at,
    actor,
    command: null,
    hash: "",
  }));

const snapshotOf = (state: State, claims: readonly Claim[]) => ({
  head: state.head,
  rows: throughJson(rowsOf(state)),
  claims,
  command: null,
});

const KINDS: ReadonlySet<string> = new Set(SUBJECTS.map(({ kind }) => kind));

/** The group of a row. */
const groupOf = ({ kind, data }: Row): string | null =>
  SUBJECTS.find((subject) => subject.kind === kind)?.group?.(data) ?? null;

/** What a decision reads of a state, limited to what it asks for, as the ledger limits it. */
const readFor = (
  state: State,
  command: Command,
  claims: ReadonlyMap<ClaimKey, Claim>,
  needs: Needs,
): State => {
  const asked = (needs.claims ?? []).flatMap((key) => claims.get(key) ?? []);
  const whole = snapshotOf(state, asked);
  const { rows = [], kinds = [], groups = [] } = needs;
  const named = [...kinds, ...groups.map(({ kind }) => kind)];
  for (const { kind, key } of [...rows, ...named.map((kind) => ({ kind, key: "" }))]) {
    if (KINDS.has(kind) && typeof key === "string") continue;
    throw new Error(`${command.type} asks for something other than a row: ${kind} ${key}`);
  }
  const wanted = whole.rows.filter((row) =>
    kinds.includes(row.kind) ||
    rows.some(({ kind, key }) => row.kind === kind && row.key === key) ||
    groups.some(({ kind, group }) => row.kind === kind && groupOf(row) === group)
  );
  const read = State.of({ ...whole, rows: wanted }, needs);
  const more = moreOf(read, command);
  return read.covers(more) ? read : readFor(state, command, claims, mergeNeeds(needs, more));
};

const moveClaims = (
  claims: Map<ClaimKey, Claim>,
  organization: string,
  event: DomainEvent,
  before: State,
): void => {
  const { claims: taken, free } = claimsOf([event], before);
  for (const { key, holder } of free) {
    if (claims.get(key)?.holder === holder) claims.delete(key);
  }
  for (const claim of taken) claims.set(claim.key, { ...claim, organization });
};

/**
 * A domain in which nothing has happened.
 *
 * @example
 * ```ts
 * import { ACME, ALICE, openDomain, story } from "ledgerline/testing";
 *
 * const domain = openDomain();
 * const saying = { at: Date.parse("2026-01-31T10:00:00Z"), actor: ALICE };
 * domain.record(ACME, [story.opened("Growth"), story.searched("+14155550101")], saying);
 * const decision = domain.give(ACME, story.buy(), saying);
 * console.log(decision.ok, domain.book(ACME).facts.length);
 * ```
 */
export const openDomain = (
  plans: PlanCatalogue = DEFAULT_PLANS,
  own: Context["own"] = ONE_WORLD.own,
  isIncluded?: boolean,
): Domain => {
  const books = new Map<string, { facts: Fact[]; state: State }>();
  const claims = new Map<ClaimKey, Claim>();
  const bookOf = (organization: string) => {
    let book = books.get(organization);
    if (book === undefined) books.set(organization, book = { facts: [], state: State.empty() });
    return book;
  };
  const domain: Domain = {
    book: bookOf,
    claims,
    decide: (organization, command, { at: now, actor, scope = "all" }) => {
      const context = { organization, now, actor, plans, scope, own, isIncluded };
      const needs = needsOf(command, now);
      let state = readFor(bookOf(organization).state, command, claims, needs);
      let decision = decide(state, command, context);
      const wanted = decision.ok ? claimsOf(decision.value, state).claims : [];
      const met = wanted.flatMap(({ key }) => claims.get(key) ?? [])[0];
      if (met !== undefined && !state.asksFor(met.key)) {
        // As the log would report that the key is taken, and the ledger decides again.
        const also = { ...needs, claims: [...needs.claims ?? [], met.key] };
        state = readFor(bookOf(organization).state, command, claims, also);
        decision = decide(state, command, context);
      }
      // Folding into what was read shows that all rows the events touch were asked for.
      if (decision.ok) {
        for (const event of decision.value) fold(state, { ...event, at: now, actor });
      }
      return decision;
    },
    record: (organization, events, saying) => {
      const { facts, state } = bookOf(organization);
      for (const event of events) {
        const fact = storedAndRead(event, saying);
        facts.push(fact);
        moveClaims(claims, organization, event, state);
        fold(state, fact);
      }
    },
    give: (organization, command, saying) => {
      const decision = domain.decide(organization, command, saying);
      if (decision.ok) domain.record(organization, decision.value, saying);
      return decision;
    },
  };
  return domain;
};
