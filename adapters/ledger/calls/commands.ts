/** The commands of an organization's calls, with what the ledger adds to what the caller gives. */
import * as Effect from "effect/Effect";
import type { ImportNumber } from "../../../core/number/decisions/imports.ts";
import type { RequestRelease, StartRelease } from "../../../core/number/decisions/release.ts";
import type { AssignNumbers } from "../../../core/number/decisions/routing.ts";
import type { Command, RefusalOf } from "../../../core/registry/commands.ts";
import type {
  DraftVerification,
  SubmitVerification,
} from "../../../core/verification/decisions.ts";
import type { Caller, ImportInput } from "../api/mod.ts";
import { cancelling } from "../automations/orders.ts";
import { afterOwnAssignments } from "../engine/assignment-queue.ts";
import { execute, type Execution } from "../engine/execute.ts";
import { scopeOf, worldFor } from "../engine/scope.ts";
import { Ports } from "../engine/services.ts";

/** Executes on behalf of a caller. */
export const act = <C extends Command>(
  caller: Caller,
  command: C,
): Execution<RefusalOf<C>> => {
  const { organization, actor } = caller;
  return Effect.flatMap(
    scopeOf(caller),
    (scope) => execute({ organization, actor, command, scope }),
  );
};

/** Gives an assistant numbers, after the organization's assignments that came before. */
export const assigned = (caller: Caller, command: AssignNumbers) =>
  afterOwnAssignments(caller.organization, act(caller, command));

/** Takes in a number over a SIP connection. */
export const importCommand = Effect.fnUntraced(function* (caller: Caller, input: ImportInput) {
  const { ids } = yield* Ports;
  const command: ImportNumber = {
    type: "ImportNumber",
    holding: ids.next("pn"),
    e164: input.e164,
    scope: yield* worldFor(caller),
    via: input.via,
    sipProviderName: input.sipProviderName ?? null,
    routing: {
      direction: input.direction ?? "both",
      label: input.label ?? null,
      template: input.template ?? null,
    },
    assistant: input.assistant ?? null,
  };
  return command;
});

/** Gives a number back, as its user wants it. */
export const releaseCommand = (holding: string) =>
  Effect.map(
    cancelling,
    (cancelling): StartRelease => ({ type: "StartRelease", holding, why: "byUser", cancelling }),
  );

/** Asks the operator to release a number. */
export const requestCommand = Effect.fnUntraced(function* (
  input: Pick<RequestRelease, "holding" | "reason">,
) {
  const { ids } = yield* Ports;
  const command: RequestRelease = {
    type: "RequestRelease",
    request: ids.next("rr"),
    ...input,
    cancelling: yield* cancelling,
  };
  return command;
});

/** Takes a pending release request back. */
export const cancelCommand = (request: string) =>
  ({ type: "ResolveReleaseRequest", request, resolution: { kind: "cancel" } }) as const;

/** Saves what is known of the business so far. */
export const draftCommand = (content: DraftVerification["content"]) =>
  Effect.map(
    Ports,
    ({ ids }): DraftVerification => ({
      type: "DraftVerification",
      verification: ids.next("vs"),
      content,
    }),
  );

/** Hands the verification in for review. */
export const submitCommand = (content: SubmitVerification["content"]) =>
  Effect.map(
    Ports,
    ({ ids, notifier }): SubmitVerification => ({
      type: "SubmitVerification",
      verification: ids.next("vs"),
      content,
      announce: notifier !== null,
    }),
  );
