import * as Effect from "effect/Effect";
import type * as Scope from "effect/Scope";
import type { Command, RefusalOf } from "../../../core/registry/commands.ts";
import { releaseRequests } from "../../../core/number/release-requests.ts";
import { unknownNumber } from "../../../core/number/refusals.ts";
import { numbers } from "../../../core/number/state.ts";
import { type NumberView, viewOf } from "../../../core/number/view.ts";
import { isWithin } from "../../../core/values/claim-key.ts";
import { OPERATOR } from "../../../core/values/identity.ts";
import type {
  DraftVerification,
  SubmitVerification,
} from "../../../core/verification/decisions.ts";
import { VERIFICATION_NEEDS, verificationView } from "../../../core/verification/view.ts";
import type {
  Caller,
  CallingInput,
  CommandIdReused,
  CommandOptions,
  ImportInput,
  Ledger,
} from "../api/mod.ts";
import { before, commandIdOf, type Done, factOf } from "../engine/command.ts";
import { executeOnce, type Execution } from "../engine/execute.ts";
import { read } from "../engine/reading.ts";
import { goneView } from "./released-numbers.ts";
import { resumeOrder } from "../automations/orders.ts";
import { stepForCaller } from "../automations/caller-steps.ts";
import { releaseStep } from "../automations/releases.ts";
import type { Step } from "../automations/step.ts";
import { scopeOf } from "../engine/scope.ts";
import { refuse } from "../engine/refusals.ts";
import { ask, lostToLog, Ports } from "../engine/services.ts";
import {
  act,
  assigned,
  cancelCommand,
  draftCommand,
  importCommand,
  releaseCommand,
  requestCommand,
  submitCommand,
} from "./commands.ts";
import { getAssistant } from "./number-lists.ts";
import { getNumber, stateAfter } from "./views.ts";

/** Executes on behalf of a caller, repeatably; a repeated id must have the same `content`. */
const actRepeatably = <C extends Command>(
  caller: Caller,
  command: C,
  options: CommandOptions,
  content: unknown,
): Execution<RefusalOf<C> | CommandIdReused> => {
  const { organization, actor } = caller;
  const id = commandIdOf(options, content);
  return Effect.flatMap(
    scopeOf(caller),
    (scope) => executeOnce({ organization, actor, command, id, scope }),
  );
};

/**
 * The number after a command, with its names, as it is now. If it has been released by now: as the
 * command left it, or `released` where the command is an earlier one.
 */
const numberAfter = Effect.fnUntraced(function* (caller: Caller, done: Done, id: string) {
  const view = yield* getNumber(caller, id);
  if (view !== null) return view;
  const last = done.repeated
    ? yield* goneView(caller.organization, id, before(done))
    : leftBy(done, id);
  return last ?? (yield* lostToLog(`The number ${id}`));
});

const leftBy = (done: Done, id: string): NumberView | null => {
  const left = done.state.get(numbers, id);
  return left === undefined ? null : viewOf(left, new Map(), [], left.updatedAt);
};

/** Takes in a number over a SIP connection. */
export const importNumber = Effect.fnUntraced(function* (
  caller: Caller,
  input: ImportInput,
  options: CommandOptions,
) {
  const command = yield* importCommand(caller, input);
  const done = yield* actRepeatably(caller, command, options, input);
  const holding = factOf(done, "NumberImported")?.data.holding ?? command.holding;
  return yield* numberAfter(caller, done, holding);
});

/** Gives a command to one number, and answers with the number after it. */
export const changeNumber = <C extends Command & { readonly holding: string }>(
  caller: Caller,
  command: C,
) => Effect.flatMap(act(caller, command), (done) => numberAfter(caller, done, command.holding));

/** Makes these numbers, and no others, an assistant's; answers with them. */
export const assign = Effect.fnUntraced(function* (
  caller: Caller,
  assistant: string,
  holdings: readonly string[],
) {
  yield* assigned(caller, { type: "AssignNumbers", assistant, holdings });
  return (yield* getAssistant(caller, assistant)).numbers;
});

/** The same, where a set is given, and sets the direction of the numbers that it then has. */
export const setCalling = Effect.fnUntraced(function* (
  caller: Caller,
  assistant: string,
  { direction, ids: holdings }: CallingInput,
) {
  const set = holdings === undefined ? {} : { holdings };
  yield* assigned(caller, { type: "AssignNumbers", assistant, direction, ...set });
  return yield* getAssistant(caller, assistant);
});

/** Releases a number that was imported and that no assistant has. */
export const removeImport = (caller: Caller, holding: string) =>
  Effect.as(act(caller, { type: "RemoveImport", holding }), null);

/** One step of a number's ending: of its purchase that is to be cancelled, then of its release. */
const leave = (organization: string, holding: string): Step =>
  Effect.flatMap(
    resumeOrder(organization, holding),
    // Bought anyway, it is to be released.
    (ordered) => ordered === "done" ? releaseStep(organization, holding) : Effect.succeed(ordered),
  );

/**
 * Releases a number, waiting for the carrier up to the wait budget; a purchase in progress is
 * cancelled where its carrier can. `released` says whether the number has been released; if not,
 * that happens automatically.
 */
export const release = Effect.fnUntraced(function* (
  background: Scope.Scope,
  caller: Caller,
  holding: string,
) {
  const { organization } = caller;
  const command = yield* releaseCommand(holding);
  const next = leave(organization, holding);
  const item = { organization, kind: numbers.kind, key: holding };
  yield* stepForCaller(background, item, { append: act(caller, command), first: () => next, next });
  const left = yield* getNumber(caller, holding);
  return { released: left === null };
});

/** The same of any organization's number, for the operator. */
export const releaseAny = Effect.fnUntraced(function* (background: Scope.Scope, holding: string) {
  const { log } = yield* Ports;
  const found = yield* ask(() => log.find(numbers.kind, holding));
  if (found === null) return yield* refuse(unknownNumber.error);
  return yield* release(background, { organization: found.organization, actor: OPERATOR }, holding);
});

type RequestInput = Parameters<Ledger["releaseRequests"]["request"]>[1];

/**
 * Asks the operator to release a number. A purchase in progress is cancelled instead where its
 * carrier can, as `release` does it: that needs no decision.
 */
export const requestRelease = Effect.fnUntraced(function* (
  background: Scope.Scope,
  caller: Caller,
  input: RequestInput,
  options: CommandOptions,
) {
  const { organization } = caller;
  const { holding } = input;
  const command = yield* requestCommand(input);
  const done = yield* actRepeatably(caller, command, options, input);
  if (factOf(done, "CancellationRequested") !== undefined) {
    const next = leave(organization, holding);
    const item = { organization, kind: numbers.kind, key: holding };
    yield* stepForCaller(background, item, { append: Effect.void, first: () => next, next });
  }
  const request = factOf(done, "ReleaseRequested")?.data.request ?? command.request;
  // It may have been answered, or taken back, since it was made.
  const row = { rows: [{ kind: releaseRequests.kind, key: request }] };
  const state = done.repeated ? (yield* read(caller.organization, row)).state : stateAfter(done);
  return state.get(releaseRequests, request) ??
    (yield* lostToLog(`The release request ${request}`));
});

/** Takes a pending release request back. */
export const cancelRelease = Effect.fnUntraced(function* (caller: Caller, request: string) {
  const done = yield* act(caller, cancelCommand(request));
  const cancelled = done.state.get(releaseRequests, request);
  if (cancelled === undefined) throw new Error(`Release request ${request} no longer exists`);
  return cancelled;
});

/** One release request; null for one that the caller does not have. */
export const getReleaseRequest = Effect.fnUntraced(function* (caller: Caller, id: string) {
  const scope = yield* scopeOf(caller);
  const row = { rows: [{ kind: releaseRequests.kind, key: id }] };
  const { state } = yield* read(caller.organization, row);
  const request = state.get(releaseRequests, id);
  return request !== undefined && isWithin(scope, request.world) ? request : null;
});

/** All release requests, the newest first. */
export const listReleaseRequests = Effect.fnUntraced(function* (caller: Caller) {
  const scope = yield* scopeOf(caller);
  const { state } = yield* read(caller.organization, { kinds: [releaseRequests.kind] });
  return state.all(releaseRequests)
    .filter(({ world }) => isWithin(scope, world))
    .sort((a, b) => b.requestedAt - a.requestedAt || (a.id < b.id ? 1 : -1));
});

/** The state of the business's verification. */
export const getVerification = (caller: Caller) =>
  Effect.map(
    read(caller.organization, VERIFICATION_NEEDS),
    ({ state }) => verificationView(state),
  );

/** The submission after a command that filed it: the one that was open, or the one begun. */
const filed = Effect.fnUntraced(function* (caller: Caller) {
  const { submission } = yield* getVerification(caller);
  return submission ?? (yield* lostToLog("A verification"));
});

/** Saves what is known of the business so far. */
export const draftVerification = Effect.fnUntraced(function* (
  caller: Caller,
  content: DraftVerification["content"],
) {
  yield* act(caller, yield* draftCommand(content));
  return yield* filed(caller);
});

/** Hands the verification in for review. */
export const submitVerification = Effect.fnUntraced(function* (
  caller: Caller,
  content: SubmitVerification["content"],
) {
  yield* act(caller, yield* submitCommand(content));
  return yield* filed(caller);
});
