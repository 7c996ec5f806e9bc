/** The domain alone: organizations as lists of facts, decided by the core without a ledger. */
import { type Command, decide, moreOf, needsOf, type Refusal } from "../../core/commands.ts";
import { claimsOf } from "../../core/log/claims.ts";
import type { Decision } from "../../core/log/decision.ts";
import { type DomainEvent, type Fact, toDraft, toFact } from "../../core/log/events.ts";
import { fold, rowsOf } from "../../core/log/replay.ts";
import { State } from "../../core/log/state.ts";
import { DEFAULT_PLANS, type PlanCatalogue } from "../../core/organization/plans.ts";
import type { Claim, Needs, Snapshot } from "../../core/ports.ts";
import type { Instant } from "../../core/values/calendar.ts";
import type { E164 } from "../../core/values/e164.ts";
import type { Actor } from "../../core/values/identity.ts";

/** When something is said, and by whom. */
export type Saying = { readonly at: Instant; readonly actor: Actor };

/** One organization: what happened, and the state that it led to. */
export type Book = { readonly facts: readonly Fact[]; readonly state: State };

/** Several organizations and the claims between them. */
export type World = {
  /** The organization's facts and state; empty where nothing happened yet. */
  readonly book: (organization: string) => Book;
  readonly claims: ReadonlyMap<E164, Claim>;
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

const snapshotOf = (state: State, claim: Claim | null): Snapshot => ({
  head: state.head,
  rows: throughJson(rowsOf(state)),
  claim,
  command: null,
});

const merge = (a: Needs, b: Needs): Needs => ({
  ...a,
  rows: [...(a.rows ?? []), ...(b.rows ?? [])],
  kinds: [...(a.kinds ?? []), ...(b.kinds ?? [])],
});

/** What a decision reads of a state, limited to what it asks for, as the ledger limits it. */
const readFor = (
  state: State,
  command: Command,
  claims: ReadonlyMap<E164, Claim>,
  needs: Needs = needsOf(command),
): State => {
  const claim = needs.claim === undefined ? null : claims.get(needs.claim) ?? null;
  const whole = snapshotOf(state, claim);
  const { rows = [], kinds = [] } = needs;
  const asked = whole.rows.filter((row) =>
    kinds.includes(row.kind) || rows.some(({ kind, key }) => row.kind === kind && row.key === key)
  );
  const read = State.of({ ...whole, rows: asked }, needs);
  const more = moreOf(read, command);
  return read.covers(more) ? read : readFor(state, command, claims, merge(needs, more));
};

const moveClaims = (
  claims: Map<E164, Claim>,
  organization: string,
  event: DomainEvent,
): void => {
  const { claim, free } = claimsOf([event]);
  for (const { e164, holder } of free) {
    if (claims.get(e164)?.holder === holder) claims.delete(e164);
  }
  if (claim !== null) claims.set(claim.e164, { ...claim, organization });
};

/** A world in which nothing has happened. */
export const openWorld = (plans: PlanCatalogue = DEFAULT_PLANS): World => {
  const books = new Map<string, { facts: Fact[]; state: State }>();
  const claims = new Map<E164, Claim>();
  const bookOf = (organization: string) => {
    let book = books.get(organization);
    if (book === undefined) books.set(organization, book = { facts: [], state: State.empty() });
    return book;
  };
  const world: World = {
    book: bookOf,
    claims,
    decide: (organization, command, { at: now, actor }) => {
      const state = readFor(bookOf(organization).state, command, claims);
      const decision = decide(state, command, { organization, now, actor, plans });
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
        fold(state, fact);
        moveClaims(claims, organization, event);
      }
    },
    give: (organization, command, saying) => {
      const decision = world.decide(organization, command, saying);
      if (decision.ok) world.record(organization, decision.value, saying);
      return decision;
    },
  };
  return world;
};
