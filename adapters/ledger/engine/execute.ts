/** Executing commands, which is the one way by which anything changes. */
import * as Effect from "effect/Effect";
import { type Command, needsOf, type RefusalOf } from "../../../core/registry/commands.ts";
import { sha256 } from "../../hash/sha256.ts";
import type { CommandIdReused } from "../api/mod.ts";
import { inAssignmentTurn } from "./assignment-queue.ts";
import type { Envelope, Executed } from "./command.ts";
import { elapsed } from "./elapsed.ts";
import { roundOf } from "./attempt.ts";
import type { Tagged } from "./refusals.ts";
import { Ports } from "./services.ts";
import { inSpan, spanOf } from "./spans.ts";

/** The same content given in the sandbox, beside a live carrier, is another request. */
const fingerprintOf = ({ command: { type }, scope }: Envelope<Command>, content: unknown): string =>
  sha256(JSON.stringify(scope === "sandbox" ? [type, content, scope] : [type, content]));

/**
 * Load, decide, append, and again when the head has moved on meanwhile (`attempt.ts`). Commands of
 * one organization that wait in this process go together in rounds, so a retry is rare. Fails with
 * the command's refusal, and with `Busy` (as a defect) when the head keeps moving.
 */
const give = Effect.fnUntraced(function* (envelope: Envelope<Command>) {
  const ports = yield* Ports;
  const { organization, command } = envelope;
  const id = envelope.id === undefined || envelope.id === null ? null : {
    id: envelope.id.id,
    fingerprint: fingerprintOf(envelope, envelope.id.content),
  };
  const isAssignment = command.type === "AssignNumbers" && ports.log.isEmbedded === true;
  const isApart = isAssignment || (needsOf(command, ports.clock.now()).kinds ?? []).length > 0;
  const given = { envelope, id, met: [], tried: 0, isApart, span: yield* spanOf(ports) };
  const begun = yield* elapsed;
  const done = yield* ports.rounds.give(
    organization,
    given,
    roundOf(ports),
    (leading) => isAssignment ? inAssignmentTurn(organization, leading) : leading,
  );
  if (done.repeated) envelope.id?.onRepeated?.();
  return { ...done, given: begun };
});

/** The same in a span, where the ledger is traced. */
const inCommand = (envelope: Envelope<Command>) =>
  inSpan(`command ${envelope.command.type}`, {}, give(envelope));

/** A command under way: what it did, or why it was refused. */
export type Execution<Refusal> = Effect.Effect<Executed, Tagged<Refusal>, Ports>;

/** Executes a command without an id: it is never a repeated one. */
export const execute = <C extends Command>(
  envelope: Omit<Envelope<C>, "id">,
): Execution<RefusalOf<C>> =>
  // A command is refused as its own decision does; and only an id can have been used before.
  inCommand(envelope) as Execution<RefusalOf<C>>;

/** Executes a command that may have an id: a repeated one adds nothing (`repeated`). */
export const executeOnce = <C extends Command>(
  envelope: Envelope<C>,
): Execution<RefusalOf<C> | CommandIdReused> =>
  inCommand(envelope) as Execution<RefusalOf<C> | CommandIdReused>;
