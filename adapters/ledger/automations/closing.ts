/** Closes an organization, by commands that each may have been given before. */
import * as Effect from "effect/Effect";
import { NOTHING } from "../../../core/log/decision.ts";
import type { State } from "../../../core/log/state.ts";
import { type Holding, numbers } from "../../../core/number/state.ts";
import { isLeaving } from "../../../core/number/status.ts";
import { self, SELF_ROW } from "../../../core/organization/refusals.ts";
import { organizations, tokens } from "../../../core/organization/state.ts";
import type { Command, Refusal } from "../../../core/registry/commands.ts";
import type { ListPlace } from "../../../core/ports/mod.ts";
import { automation } from "../../../core/values/identity.ts";
import { ok } from "../../../core/values/result.ts";
import { execute } from "../engine/execute.ts";
import { read } from "../engine/reading.ts";
import type { Tagged } from "../engine/refusals.ts";
import { ask, Ports } from "../engine/services.ts";
import { forgetUses } from "../engine/token-uses.ts";
import { cancelling } from "./orders.ts";
import type { Progress, StepFailure } from "./step.ts";

/** So many commands wait together, and so many rows are read at a time. */
const TOGETHER = 8;
const READ = 100;

const isClosedIn = (state: State): boolean => self(state)?.closedAt !== undefined;

/** A command, which adds nothing once the organization is open again; why it is refused. */
const given = (organization: string, command: Command) =>
  Effect.match(
    execute({
      organization,
      actor: automation("closing"),
      command,
      instead: (decided, state) => isClosedIn(state) ? decided : ok(NOTHING),
    }),
    { onSuccess: () => null, onFailure: (refusal): Tagged<Refusal> => refusal },
  );

const stateNow = (organization: string) =>
  Effect.map(read(organization, { rows: [SELF_ROW] }), ({ state }) => state);

const isClosed = (organization: string) => Effect.map(stateNow(organization), isClosedIn);

/** Revokes the tokens; of those that are issued meanwhile the next step does. */
const revokeAll = Effect.fnUntraced(function* (organization: string) {
  const { state } = yield* read(organization, { kinds: [tokens.kind] });
  const ids = state.all(tokens).map(({ id }) => id);
  yield* Effect.forEach(
    ids,
    (token) => given(organization, { type: "RevokeToken", token }),
    { concurrency: TOGETHER },
  );
  yield* forgetUses(ids);
});

/**
 * Begins the release of all numbers that are not being released, the oldest first, as long as the
 * organization is closed and the ledger is not. Returns why one could not be released, if so.
 */
const releaseAll = Effect.fnUntraced(function* (organization: string) {
  const { log, closing } = yield* Ports;
  const how = { why: "byUser", cancelling: yield* cancelling } as const;
  let why: Tagged<Refusal> | null = null;
  let after: ListPlace | undefined;
  while (!closing.isClosed() && (yield* isClosed(organization))) {
    const page = { limit: READ, ...(after !== undefined && { after }) };
    const { rows } = yield* ask(() => log.list(organization, numbers.kind, {}, page));
    // The subject of a kind is the only writer of its rows, so they have its type.
    const held = rows.map(({ data }) => data as Holding).filter((number) => !isLeaving(number));
    const refusals = yield* Effect.forEach(
      held,
      ({ id: holding }) => given(organization, { type: "StartRelease", holding, ...how }),
      { concurrency: TOGETHER },
    );
    why = refusals.find((refusal) => refusal !== null) ?? why;
    const last = rows.at(-1);
    if (rows.length < READ || last === undefined) break;
    after = { sort: last.sort, key: last.key };
  }
  return why;
});

/**
 * Revokes the tokens of a closed organization, and then releases its numbers. A purchase that
 * cannot be cancelled stays until it has ended, and with it the item.
 */
export const closeStep = Effect.fnUntraced(function* (
  organization: string,
): Effect.fn.Return<Progress, StepFailure, Ports> {
  if (!(yield* isClosed(organization))) return "done";
  yield* revokeAll(organization);
  const why = yield* releaseAll(organization);
  const row = self(yield* stateNow(organization));
  if (row === undefined || organizations.work?.(row) === null) return "done";
  return why === null ? "open" : yield* Effect.fail(why);
});
