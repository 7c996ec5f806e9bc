/** The call that closes an organization; `automations/closing.ts` does what follows. */
import * as Effect from "effect/Effect";
import type * as Scope from "effect/Scope";
import { numbers } from "../../../core/number/state.ts";
import { unknownOrganization } from "../../../core/organization/refusals.ts";
import { organizations, SELF } from "../../../core/organization/state.ts";
import { OPERATOR } from "../../../core/values/identity.ts";
import { CLOSED_PLAN } from "../../../core/values/plan.ts";
import type { ClosingProgress } from "../api/closing.ts";
import { stepForCaller } from "../automations/caller-steps.ts";
import { closeStep } from "../automations/closing.ts";
import { execute } from "../engine/execute.ts";
import { refuse } from "../engine/refusals.ts";
import { ask, Ports } from "../engine/services.ts";
import { getOrganization } from "./views.ts";

/**
 * 1. The plan under which nothing is bought and nothing is charged, so that what follows is not
 * overtaken. It has put the organization on the list of the automation `closing`. 2. A step of
 * that, for which the caller waits up to the wait budget.
 */
export const close = Effect.fnUntraced(function* (background: Scope.Scope, organization: string) {
  const { log } = yield* Ports;
  const known = yield* getOrganization(organization);
  if (known === null) return yield* refuse(unknownOrganization.error);
  const command = { type: "OpenOrganization", name: known.name, plan: CLOSED_PLAN } as const;
  yield* stepForCaller(background, { organization, kind: organizations.kind, key: SELF }, {
    // It is open, and the plan is in every catalogue: there is nothing to refuse.
    append: Effect.orDie(execute({ organization, actor: OPERATOR, command })),
    first: () => closeStep(organization),
    // What this could not release yet is the automation's.
    next: Effect.succeed("done"),
  });
  const left = yield* ask(() =>
    log.list(organization, numbers.kind, {}, { limit: 1, isCounted: true })
  );
  const closed: ClosingProgress = {
    organization: (yield* getOrganization(organization)) ?? known,
    numbers: left.total ?? 0,
  };
  return closed;
});
