/** Decides several changes of a number as one. */
import type { Handler } from "../../log/decision.ts";
import type { DomainEvent } from "../../events/vocabulary.ts";
import type { IdUnfit } from "../../organization/ids.ts";
import { ok } from "../../values/result.ts";
import type { SmsCampaign } from "../../events/number.ts";
import type { NumberNotRented, NumberOutOfService, NumberUnknown } from "../refusals.ts";
import { setAutoRenewal } from "./renewal.ts";
import { assignSmsCampaign, type ChangeRouting, changeRouting } from "./routing.ts";

/**
 * Changes everything about a number that its owner decides: its routing, its registration for an
 * SMS campaign and its renewal. What is left out stays.
 */
export type ChangeNumber = Omit<ChangeRouting, "type"> & {
  readonly type: "ChangeNumber";
  readonly autoRenewal?: boolean | undefined;
  readonly smsCampaign?: SmsCampaign | undefined;
};

const routingOf = ({ autoRenewal: _on, smsCampaign: _sms, ...rest }: ChangeNumber) =>
  ({ ...rest, type: "ChangeRouting" }) as const;

/** All or nothing: the refusal of one part refuses the whole command. */
export const changeNumber: Handler<
  ChangeNumber,
  NumberUnknown | NumberOutOfService | NumberNotRented | IdUnfit
> = {
  needs: (command, now) => changeRouting.needs(routingOf(command), now),
  decide: (state, command, context) => {
    const { holding, autoRenewal: on, smsCampaign: campaign } = command;
    // No part reads what another one changes, so all are decided on the same state.
    const parts = [changeRouting.decide(state, routingOf(command), context)];
    if (campaign !== undefined) {
      const assignment = { type: "AssignSmsCampaign", holding, campaign } as const;
      parts.push(assignSmsCampaign.decide(state, assignment, context));
    }
    const renewal = on === undefined
      ? []
      : [setAutoRenewal.decide(state, { type: "SetAutoRenewal", holding, on }, context)];
    const events: DomainEvent[] = [];
    for (const part of [...parts, ...renewal]) {
      if (!part.ok) return part;
      events.push(...part.value);
    }
    return ok(events);
  },
};
