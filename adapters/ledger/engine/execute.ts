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
import { fold } from "../../../core/registry/replay.ts";
import { State } from "../../../core/log/state.ts";
import { SUBJECTS } from "../../../core/registry/subjects.ts";
import type { Append, Needs, RecordedEvent, Snapshot } from "../../../core/ports/mod.ts";
import { type ClaimKey, type Scope, worldOfCarrier } from "../../../core/values/claim-key.ts";
import type { Actor } from "../../../core/values/identity.ts";
import { failed, ok, type Result } from "../../../core/values/result.ts";
import type { CommandIdReused, CommandOptions } from "../api/mod.ts";
import { inAssignmentTurn } from "./assignment-turns.ts";
import { Busy } from "./errors.ts";
import { sha256 } from "../../hash/sha256.ts";
import { ask, Ports } from "./services.ts";

/** A command, on whose behalf it is given, and the id that makes it repeatable. */
export type Envelope<C extends Command> = {
  readonly organization: string;
  readonly actor: Actor;
  readonly command: C;
  /** What the caller sees and changes; all when left out. */
  readonly scope?: Scope;
  /** `content` is what the caller asked for, without ids that the ledger made for it. */
  readonly id?: CommandId | null;
};

/** A caller's id for a command. */
type CommandId = {
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

/** Whether an automation's item moved on, or stays on its list to be looked at again. */
export type Progress = "done" | "open";

/** A command that added nothing has not moved its item. */
export const progressOf = (answer: Result<Done, unknown>): Progress =>
  answer.ok && answer.value.events.length > 0 ? "done" : "open";

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

const merge = (a: Needs, b: Needs): Needs => ({
  ...a,
  rows: [...(a.rows ?? []), ...(b.rows ?? [])],
  kinds: [...new Set([...(a.kinds ?? []), ...(b.kinds ?? [])])],
  claims: [...new Set([...(a.claims ?? []), ...(b.claims ?? [])])],
});

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
    const state = State.of(snapshot, wanted);
    const besides = more(state);
    if (state.covers(besides)) return { snapshot, state };
    needs = merge(wanted, besides);
  }
});

const MAX_ATTEMPTS = 30;

const reused = failed<CommandIdReused>({
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
  for (const event of events) fold(state, { ...event, at, actor });
  return {
    organization,
    expected,
    at,
    actor,
    command,
    events: events.map(toDraft),
    rows: state.changes(SUBJECTS),
    ...claims,
  };
};

const attempt = Effect.fnUntraced(function* <C extends Command>(
  envelope: Envelope<C>,
  id: Append["command"],
  met: ClaimKey[],
) {
  const { log, clock, plans, carrier } = yield* Ports;
  const { organization, actor, command, scope = "all" } = envelope;
  const first = needsOf(command);
  const claims = met.length === 0 ? first : { ...first, claims: [...first.claims ?? [], ...met] };
  const needs = id === null ? claims : { ...claims, command: id.id };
  const { snapshot, state } = yield* read(organization, needs, (rows) => moreOf(rows, command));
  const earlier = snapshot.command;
  if (earlier !== null) {
    if (earlier.fingerprint !== id?.fingerprint) return reused;
    return ok<Done>({ events: earlier.events, state, repeated: true });
  }
  const now = clock.now();
  const own = worldOfCarrier(carrier);
  const decision = decide(state, command, { organization, now, actor, plans, scope, own });
  if (!decision.ok) return decision;
  if (decision.value.length === 0) return ok<Done>({ events: [], state, repeated: false });
  const append = toAppend(envelope, state, decision.value, now, id);
  const outcome = yield* ask(() => log.append(append));
  switch (outcome.outcome) {
    case "appended":
      return ok<Done>({ events: outcome.events, state, repeated: false });
    case "claimed":
      // A key that the decision had not asked for is loaded on the next attempt.
      if (!state.asksFor(outcome.claim.key)) met.push(outcome.claim.key);
      return null;
    case "repeated":
    case "conflict":
      // Another writer was faster: what it wrote can be read now, and the decision is made again.
      return null;
  }
});

/** The same content given in the sandbox, beside a live carrier, is another request. */
const fingerprintOf = ({ command: { type }, scope }: Envelope<Command>, content: unknown): string =>
  sha256(JSON.stringify(scope === "sandbox" ? [type, content, scope] : [type, content]));

/**
 * Load, decide, append, and again when the head has moved on meanwhile: the one way by which
 * anything changes. Commands of one organization take turns in this process, so a retry is rare.
 * Fails with `Busy` (as a defect) when the head keeps moving.
 */
const give = Effect.fnUntraced(function* <Refusal>(envelope: Envelope<Command>) {
  const { lanes } = yield* Ports;
  const id = envelope.id === undefined || envelope.id === null ? null : {
    id: envelope.id.id,
    fingerprint: fingerprintOf(envelope, envelope.id.content),
  };
  const attempts = Effect.gen(function* () {
    const met: ClaimKey[] = [];
    for (let tried = 0; tried < MAX_ATTEMPTS; tried++) {
      const answer = yield* attempt(envelope, id, met);
      // The refusals of this command are among those of all.
      if (answer === null) continue;
      if (answer.ok && answer.value.repeated) envelope.id?.onRepeated?.();
      return answer as Result<Done, Refusal>;
    }
    return yield* Effect.die(new Busy(`The log of ${envelope.organization}`));
  });
  const { organization, command: { type } } = envelope;
  const turned = type === "AssignNumbers" ? inAssignmentTurn(organization, attempts) : attempts;
  return yield* lanes.inTurn(organization, turned);
});

/** Executes a command without an id: it is never a repeated one. */
export const execute = <C extends Command>(envelope: Omit<Envelope<C>, "id">) =>
  give<RefusalOf<C>>(envelope);

/** Executes a command that may have an id: a repeated one adds nothing (`repeated`). */
export const executeOnce = <C extends Command>(envelope: Envelope<C>) =>
  give<RefusalOf<C> | CommandIdReused>(envelope);
