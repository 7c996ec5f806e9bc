/** Dry runs: what a call would add to the log, or why it would be refused. */
import * as Effect from "effect/Effect";
import { numbers } from "../../../core/number/state.ts";
import { eligibilityOf } from "../../../core/organization/eligibility.ts";
import { planOf } from "../../../core/organization/plans.ts";
import { self } from "../../../core/organization/refusals.ts";
import type { Ids } from "../../../core/ports/mod.ts";
import { unreachable } from "../../../core/values/unreachable.ts";
import type {
  Caller,
  DryCall,
  DryPurchase,
  DryRefusal,
  DryRun,
  PurchaseInput,
  PurchaseRefused,
} from "../api/mod.ts";
import { type Done, type Executed, factOf } from "../engine/command.ts";
import { openDryRounds } from "../engine/dry-rounds.ts";
import type { Execution } from "../engine/execute.ts";
import type { Tagged } from "../engine/refusals.ts";
import { Ports } from "../engine/services.ts";
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
import { completing, purchaseCommand } from "./purchase-requests.ts";

/** As long as an id is behind its prefix. */
const ID_LENGTH = 26;

/** Ids of what is not made: nothing has one of them, and none is used up. */
const NO_IDS: Ids = { next: (prefix) => `${prefix}_${"0".repeat(ID_LENGTH)}` };

/** The ports of a dry run: those of the ledger, but nothing is appended, and no id is made. */
const dryPorts = (ports: Ports["Service"]): Ports["Service"] => ({
  ...ports,
  rounds: openDryRounds(ports),
  ids: NO_IDS,
  // An installation that has no name yet would be given one, which is written.
  known: { installation: NO_IDS.next("in") },
});

/** The request of a purchase. Where its price is not known, the carrier is asked for it. */
const askPurchase = Effect.fnUntraced(function* (caller: Caller, input: PurchaseInput) {
  const command = yield* purchaseCommand(caller, input);
  const asked = completing(caller.organization, command, (completed) => act(caller, completed));
  // It is given without an id, so that none can have been used before.
  return yield* asked as Execution<PurchaseRefused>;
});

/** Gives the command of a call, as the call does it. */
const give = (
  caller: Caller,
  given: DryCall,
): Effect.Effect<Executed, Tagged<DryRefusal>, Ports> => {
  switch (given.call) {
    case "purchase":
      return askPurchase(caller, given.input);
    case "import":
      return Effect.flatMap(importCommand(caller, given.input), (command) => act(caller, command));
    case "route":
      return act(caller, { type: "ChangeRouting", holding: given.id, ...given.input });
    case "change":
      return act(caller, { type: "ChangeNumber", holding: given.id, ...given.input });
    case "assign": {
      const { assistant, ids: holdings } = given;
      return assigned(caller, { type: "AssignNumbers", assistant, holdings });
    }
    case "setCalling": {
      const { assistant, input: { direction, ids } } = given;
      const set = ids === undefined ? {} : { holdings: ids };
      return assigned(caller, { type: "AssignNumbers", assistant, direction, ...set });
    }
    case "release":
      return Effect.flatMap(releaseCommand(given.id), (command) => act(caller, command));
    case "removeImport":
      return act(caller, { type: "RemoveImport", holding: given.id });
    case "setAutoRenewal":
      return act(caller, { type: "SetAutoRenewal", holding: given.id, on: given.on });
    case "assignSmsCampaign": {
      const { id: holding, campaign } = given;
      return act(caller, { type: "AssignSmsCampaign", holding, campaign });
    }
    case "releaseRequests.request":
      return Effect.flatMap(requestCommand(given.input), (command) => act(caller, command));
    case "releaseRequests.cancel":
      return act(caller, cancelCommand(given.id));
    case "verification.draft":
      return Effect.flatMap(draftCommand(given.content), (command) => act(caller, command));
    case "verification.submit":
      return Effect.flatMap(submitCommand(given.content), (command) => act(caller, command));
    default:
      return unreachable(given);
  }
};

/** What a purchase would cost, and the places within the plan before it and after it. */
const purchaseIn = ({ plans }: Ports["Service"], done: Done): DryPurchase | null => {
  const requested = factOf(done, "PurchaseRequested");
  if (requested === undefined) return null;
  const { holding, setup, monthly, paidFrom, debited } = requested.data;
  const owner = self(done.state);
  if (owner === undefined) throw new Error("A purchase is requested by no organization");
  const place = done.state.get(numbers, holding)?.place;
  const after = eligibilityOf(owner, planOf(plans, owner), place);
  // It takes one place.
  const before = { ...after, currentCount: after.currentCount - 1 };
  return { setup, monthly, paidFrom, debited, eligibility: { before, after } };
};

/**
 * What a call would add, decided as the call is, on what the log has now; or the call's refusal.
 * Nothing is appended, claimed, charged or ordered.
 */
export const dryRun = Effect.fnUntraced(function* (caller: Caller, given: DryCall) {
  const ports = yield* Ports;
  const done = yield* Effect.provideService(give(caller, given), Ports, dryPorts(ports));
  const events = done.events.map(({ type, version, data }) => ({ type, version, data }));
  return { events, purchase: purchaseIn(ports, done) } satisfies DryRun;
});
