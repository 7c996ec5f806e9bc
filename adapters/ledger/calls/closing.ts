/** Closes an organization, by commands that each may have been given before. */
import * as Effect from "effect/Effect";
import { type Holding, numbers } from "../../../core/number/state.ts";
import { isLeaving } from "../../../core/number/status.ts";
import { unknownOrganization } from "../../../core/organization/refusals.ts";
import { tokens } from "../../../core/organization/state.ts";
import type { Command } from "../../../core/registry/commands.ts";
import type { ListPlace } from "../../../core/ports/mod.ts";
import { OPERATOR } from "../../../core/values/identity.ts";
import type { ClosingProgress } from "../api/closing.ts";
import { CLOSED } from "../engine/closed-plan.ts";
import { execute } from "../engine/execute.ts";
import { read } from "../engine/reading.ts";
import { refuse } from "../engine/refusals.ts";
import { ask, Ports } from "../engine/services.ts";
import { releaseCommand } from "./commands.ts";
import { getOrganization } from "./views.ts";

/** So many commands wait together, and so many rows are read at a time. */
const TOGETHER = 8;
const READ = 100;
/** How many releases one call begins, and how many numbers it looks at for them. */
const MOST_BEGUN = 200;
const LOOKED_AT = 5_000;

/** A command; it adds nothing once another call has opened the organization again. */
const given = (organization: string, command: Command) =>
  execute({ organization, actor: OPERATOR, command, onPlan: CLOSED.name });

/**
 * Whether a command changed anything. That it is refused says that there is nothing to do, or not
 * yet.
 */
const tried = (organization: string, command: Command) =>
  Effect.match(given(organization, command), {
    onSuccess: ({ events }) => events.length > 0,
    onFailure: () => false,
  });

const isClosed = (organization: string) =>
  Effect.map(getOrganization(organization), (known) => known?.plan === CLOSED.name);

const revokeTokens = Effect.fnUntraced(function* (organization: string) {
  const { state } = yield* read(organization, { kinds: [tokens.kind] });
  yield* Effect.forEach(
    state.all(tokens),
    ({ id }) => tried(organization, { type: "RevokeToken", token: id }),
    { concurrency: TOGETHER },
  );
});

/** Begins the release of numbers that are not being released, the oldest first. */
const releaseSome = Effect.fnUntraced(function* (organization: string) {
  const { log } = yield* Ports;
  let after: ListPlace | undefined;
  for (let [begun, looked] = [0, 0]; begun < MOST_BEGUN && looked < LOOKED_AT;) {
    if (!(yield* isClosed(organization))) return;
    const page = { limit: READ, ...(after !== undefined && { after }) };
    const { rows } = yield* ask(() => log.list(organization, numbers.kind, {}, page));
    // The subject of a kind is the only writer of its rows, so they have its type.
    const held = rows.map(({ data }) => data as Holding).filter((number) => !isLeaving(number));
    const hasBegun = yield* Effect.forEach(
      held,
      ({ id }) => Effect.flatMap(releaseCommand(id), (command) => tried(organization, command)),
      { concurrency: TOGETHER },
    );
    begun += hasBegun.filter(Boolean).length;
    looked += rows.length;
    const last = rows.at(-1);
    if (rows.length < READ || last === undefined) return;
    after = { sort: last.sort, key: last.key };
  }
});

/**
 * 1. The plan under which nothing is bought and nothing is charged, so that what follows is not
 * overtaken, and ends also where nobody calls again. 2. The tokens. 3. The numbers.
 */
export const close = Effect.fnUntraced(function* (organization: string) {
  const { log } = yield* Ports;
  const known = yield* getOrganization(organization);
  if (known === null) return yield* refuse(unknownOrganization.error);
  const command = { type: "OpenOrganization", name: known.name, plan: CLOSED.name } as const;
  // It is open, and the plan is in every catalogue: there is nothing to refuse.
  yield* Effect.orDie(execute({ organization, actor: OPERATOR, command }));
  yield* revokeTokens(organization);
  yield* releaseSome(organization);
  const left = yield* ask(() =>
    log.list(organization, numbers.kind, {}, { limit: 1, isCounted: true })
  );
  const closed: ClosingProgress = {
    organization: (yield* getOrganization(organization)) ?? known,
    numbers: left.total ?? 0,
  };
  return closed;
});
