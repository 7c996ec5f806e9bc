import * as Effect from "effect/Effect";
import {
  type Command,
  decide,
  isHeadless,
  moreOf,
  needsOf,
  type RefusalOf,
} from "../../../core/registry/commands.ts";
import { claimsOf } from "../../../core/registry/claims.ts";
import { type DomainEvent, type Fact, toDraft, toFact } from "../../../core/events/vocabulary.ts";
import { State } from "../../../core/log/state.ts";
import type { Append, Head, Needs, RecordedEvent, Snapshot } from "../../../core/ports/mod.ts";
import { type ClaimKey, type Scope, worldOfCarrier } from "../../../core/values/claim-key.ts";
import type { Actor } from "../../../core/values/identity.ts";
import type { CommandIdReused, CommandOptions } from "../api/mod.ts";
import { inAssignmentTurn } from "./assignment-queue.ts";
import { Busy } from "./errors.ts";
import { fromResult, refuse, type Tagged } from "./refusals.ts";
import { mergeNeeds } from "../../../core/log/needs.ts";
import { sha256 } from "../../hash/sha256.ts";
import { ask, Ports } from "./services.ts";
import { unreachable } from "../../../core/values/unreachable.ts";
import { openWrittenRows } from "./written-rows.ts";

/** A command, on whose behalf it is given, and the id that makes it repeatable. */
export type Envelope<C extends Command> = {
  readonly organization: string;
  readonly actor: Actor;
  readonly command: C;
  /** What the caller sees and changes; all when left out. */
  readonly scope?: Scope;
  /** `content` is what the caller asked for, without ids that the ledger made for it. */
  readonly id?: CommandId | null;
  /** Decides on what it has, where that is enough, and keeps there what is read or left. */
  readonly carried?: Carried | undefined;
};

/**
 * The state that the commands of one call read and left, so that the next need not read it again.
 * What is decided on it is checked by the append, as all else is.
 */
export type Carried = {
  state: State | null;
  /** What is read besides, where it is read: what comes after will need it. */
  readonly besides?: Needs;
};

/** A caller's id for a command. */
export type CommandId = {
  readonly id: string;
  readonly content: unknown;
  /** Called where the command was given before. */
  readonly onRepeated?: CommandOptions["onRepeated"];
};

/** The id that the caller gave a command with this content; null where they gave none. */
export const commandIdOf = (
  { commandId: id, onRepeated }: CommandOptions,
  content: unknown,
): CommandId | null => id === undefined ? null : { id, content, onRepeated };

/** The result of a command: its events, and the state after them as far as it was read. */
export type Done = {
  readonly events: readonly RecordedEvent[];
  readonly state: State;
  /** Whether the events are those of the command's first execution. */
  readonly repeated: boolean;
};

/** The position before a command's first event. */
export const before = ({ events: [first] }: Done): number => (first?.position ?? 1) - 1;

/** The first event of this type among those of a command. */
export const factOf = <Type extends Fact["type"]>(
  done: Done,
  type: Type,
): Extract<Fact, { type: Type }> | undefined => {
  const recorded = done.events.find((event) => event.type === type);
  return recorded === undefined ? undefined : toFact(recorded) as Extract<Fact, { type: Type }>;
};

/** Notes how far the log of an organization is known to be. */
const notePosition = Effect.fnUntraced(function* (organization: string, position: number) {
  const { positions } = yield* Ports;
  positions.set(organization, Math.max(position, positions.get(organization) ?? 0));
});

/** The state that was carried, unless it is known that others have appended since. */
const carriedState = Effect.fnUntraced(function* (
  organization: string,
  carried: Carried | undefined,
) {
  const { positions } = yield* Ports;
  const state = carried?.state ?? null;
  return state?.head.position === positions.get(organization) ? state : null;
});

/** Has nothing carried on. */
export const forget = (carried: Carried | undefined): void => {
  if (carried !== undefined) carried.state = null;
};

/** Reads what is needed, and then what those rows say is needed besides, all at one head. */
export const read = Effect.fnUntraced(function* (
  organization: string,
  first: Needs,
  more: (state: State) => Needs = () => ({}),
) {
  const { log } = yield* Ports;
  let needs = first;
  for (;;) {
    const wanted = needs;
    const snapshot: Snapshot = yield* ask(() => log.load(organization, wanted));
    yield* notePosition(organization, snapshot.head.position);
    const state = State.of(snapshot, wanted);
    const besides = more(state);
    if (state.covers(besides)) return { snapshot, state };
    needs = mergeNeeds(wanted, besides);
  }
});

/** The same state as it was carried on, where that is enough. */
export const readCarried = Effect.fnUntraced(function* (
  organization: string,
  carried: Carried | undefined,
  needs: Needs,
  more: (state: State) => Needs = () => ({}),
) {
  const had = yield* carriedState(organization, carried);
  if (had?.covers(needs) && had.covers(more(had))) return had;
  return (yield* read(organization, needs, more)).state;
});

const MAX_ATTEMPTS = 30;

const reused = refuse<CommandIdReused>({
  code: "COMMAND_ID_REUSED",
  message: "The command id was used before, for another request; give this one a new id.",
});

/** Folds the events into the state, and says what to append. */
const toAppend = (
  envelope: Envelope<Command>,
  state: State,
  events: readonly DomainEvent[],
  at: number,
  command: Append["command"],
): Append => {
  const { organization, actor } = envelope;
  const expected = isHeadless(envelope.command) ? "any" : state.head;
  const claims = claimsOf(events, state);
  const { fold, changes } = openWrittenRows(state);
  const first = state.head.position + 1;
  for (const [index, event] of events.entries()) fold({ ...event, at, actor }, first + index);
  return {
    organization,
    expected,
    at,
    actor,
    command,
    events: events.map(toDraft),
    rows: changes(),
    ...claims,
  };
};

/** The state once what was folded into it is appended. */
const leftBy = (
  { organization, claims, free }: Append,
  state: State,
  head: Head,
): State =>
  state.after(
    head,
    claims.map((claim) => ({ ...claim, organization })),
    free.map(({ key }) => key),
  );

/** The state that a command is decided on: what was carried, where that is enough, or is read. */
const stateFor = Effect.fnUntraced(function* (
  { organization, command, carried }: Envelope<Command>,
  id: Append["command"],
  met: readonly ClaimKey[],
) {
  const { clock } = yield* Ports;
  const first = needsOf(command, clock.now());
  const claims = met.length === 0 ? first : { ...first, claims: [...first.claims ?? [], ...met] };
  const had = yield* carriedState(organization, carried);
  // That no command has the id is then known of the reading before, and checked by the append.
  if (had?.covers(claims) && had.covers(moreOf(had, command))) return { state: had, earlier: null };
  const needs = mergeNeeds(
    id === null ? claims : { ...claims, command: id.id },
    carried?.besides ?? {},
  );
  const { snapshot, state } = yield* read(organization, needs, (rows) => moreOf(rows, command));
  if (carried !== undefined) carried.state = state;
  return { state, earlier: snapshot.command };
});

/** One round of loading, deciding and appending; null where it must be made again. */
const attempt = Effect.fnUntraced(function* (
  envelope: Envelope<Command>,
  id: Append["command"],
  met: ClaimKey[],
) {
  const { log, clock, plans, carrier, payments } = yield* Ports;
  const { organization, actor, command, scope = "all", carried } = envelope;
  // 1. Load what the decision needs, and the command itself if it was given before.
  const { state, earlier } = yield* stateFor(envelope, id, met);
  if (earlier !== null) {
    if (earlier.fingerprint !== id?.fingerprint) return yield* reused;
    return { events: earlier.events, state, repeated: true } satisfies Done;
  }
  // 2. Decide: the domain gives events, or a refusal, which ends the command here.
  const now = clock.now();
  // What is needed may be another thing by now.
  if (!state.covers(needsOf(command, now))) return null;
  const own = worldOfCarrier(carrier);
  const context = {
    organization,
    now,
    actor,
    plans,
    scope,
    own,
    isIncluded: payments.charge.isIncluded,
  };
  const events = yield* fromResult(decide(state, command, context));
  if (events.length === 0) return { events: [], state, repeated: false } satisfies Done;
  // 3. Append, if the log is still where it was loaded.
  const append = toAppend(envelope, state, events, now, id);
  // What was folded into it holds only once it is appended.
  forget(carried);
  const outcome = yield* ask(() => log.append(append));
  switch (outcome.outcome) {
    case "appended": {
      const left = leftBy(append, state, outcome.head);
      yield* notePosition(organization, outcome.head.position);
      if (carried !== undefined) carried.state = left;
      return { events: outcome.events, state: left, repeated: false } satisfies Done;
    }
    case "claimed":
      // A key that the decision had not asked for is loaded on the next attempt.
      if (!state.asksFor(outcome.claim.key)) met.push(outcome.claim.key);
      return null;
    case "repeated":
    case "conflict":
      // Another writer was faster: what it wrote can be read now, and the decision is made again.
      return null;
    default:
      return unreachable(outcome);
  }
});

/** The same content given in the sandbox, beside a live carrier, is another request. */
const fingerprintOf = ({ command: { type }, scope }: Envelope<Command>, content: unknown): string =>
  sha256(JSON.stringify(scope === "sandbox" ? [type, content, scope] : [type, content]));

/**
 * Load, decide, append, and again when the head has moved on meanwhile: the one way by which
 * anything changes. Commands of one organization take turns in this process, so a retry is rare.
 * Fails with the command's refusal, and with `Busy` (as a defect) when the head keeps moving.
 */
const give = Effect.fnUntraced(function* (envelope: Envelope<Command>) {
  const { lanes } = yield* Ports;
  const id = envelope.id === undefined || envelope.id === null ? null : {
    id: envelope.id.id,
    fingerprint: fingerprintOf(envelope, envelope.id.content),
  };
  const attempts = Effect.gen(function* () {
    const met: ClaimKey[] = [];
    for (let tried = 0; tried < MAX_ATTEMPTS; tried++) {
      const done: Done | null = yield* attempt(envelope, id, met);
      if (done === null) continue;
      if (done.repeated) envelope.id?.onRepeated?.();
      return done;
    }
    return yield* Effect.die(new Busy(`The log of ${envelope.organization}`));
  });
  const { organization, command: { type } } = envelope;
  const turned = type === "AssignNumbers" ? inAssignmentTurn(organization, attempts) : attempts;
  return yield* lanes.inTurn(organization, turned);
});

/** A command under way: what it did, or why it was refused. */
export type Execution<Refusal> = Effect.Effect<Done, Tagged<Refusal>, Ports>;

/** Executes a command without an id: it is never a repeated one. */
export const execute = <C extends Command>(
  envelope: Omit<Envelope<C>, "id">,
): Execution<RefusalOf<C>> =>
  // A command is refused as its own decision does; and only an id can have been used before.
  give(envelope) as Execution<RefusalOf<C>>;

/** Executes a command that may have an id: a repeated one adds nothing (`repeated`). */
export const executeOnce = <C extends Command>(
  envelope: Envelope<C>,
): Execution<RefusalOf<C> | CommandIdReused> =>
  give(envelope) as Execution<RefusalOf<C> | CommandIdReused>;
