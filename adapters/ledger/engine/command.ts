/** A command as it is given, and what came of it. */
import type * as Tracer from "effect/Tracer";
import type { Command } from "../../../core/registry/commands.ts";
import { type Fact, toFact } from "../../../core/events/vocabulary.ts";
import type { Decision, Refused } from "../../../core/log/decision.ts";
import type { State } from "../../../core/log/state.ts";
import type { Append, Needs, RecordedEvent } from "../../../core/ports/mod.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import type { ClaimKey, Scope } from "../../../core/values/claim-key.ts";
import type { Actor } from "../../../core/values/identity.ts";
import type { CommandOptions } from "../api/mod.ts";

/**
 * The state that the commands of one call read and left, so that the next need not read it again.
 * What is decided on it is checked by the append, as all else is.
 */
export type Carried = {
  state: State | null;
  /** What is read besides, where it is read: what comes after will need it. */
  readonly besides?: Needs;
};

/** What is appended, or why nothing is. */
export type Decided = Decision<Refused<string>>;

/** A command, on whose behalf it is given, and the id that makes it repeatable. */
export type Envelope<C extends Command> = {
  readonly organization: string;
  readonly actor: Actor;
  readonly command: C;
  /** What the caller sees and changes; all when left out. */
  readonly scope?: Scope;
  /** What holds in place of what was decided on this state; that does when left out. */
  readonly instead?: ((decided: Decided, state: State) => Decided) | undefined;
  /** `content` is what the caller asked for, without ids that the ledger made for it. */
  readonly id?: CommandId | null;
  /** Decides on what it has, where that is enough, and keeps there what is read or left. */
  readonly carried?: Carried | undefined;
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

/** The result of a command, and when it was given: `elapsed`, before it was decided. */
export type Executed = Done & { readonly given: Milliseconds };

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

/** A command that is given, and what is known of it from the rounds before. */
export type Given = {
  readonly envelope: Envelope<Command>;
  readonly id: Append["command"];
  /** Keys that others had, though its decision had not asked for them. */
  readonly met: ClaimKey[];
  /** How often it was decided and not appended, by no fault of those before it in a round. */
  tried: number;
  /** Whether it is decided in a round of its own. */
  isApart: boolean;
  /** The span that it is given in; null where the ledger is not traced. */
  readonly span: Tracer.AnySpan | null;
};
