/** Decides where a number's calls go, and its assistant. */
import {
  type Context,
  type Decision,
  type Handler,
  NOTHING,
  sameJson,
} from "../../log/decision.ts";
import type { DomainEvent } from "../../events/vocabulary.ts";
import type { State } from "../../log/state.ts";
import { isWithin } from "../../values/claim-key.ts";
import { ok } from "../../values/result.ts";
import type { Direction, SmsCampaign } from "../../events/number.ts";
import {
  type NumberOutOfService,
  type NumberUnknown,
  outOfService,
  unknownNumber,
} from "../refusals.ts";
import type { Routing } from "../details.ts";
import { type Holding, numbers, seenNumber, worldOf } from "../state.ts";
import type { IdUnfit } from "../../organization/ids.ts";
import { needsAssistant, unfitAssistant } from "./assistants.ts";
import { needsNumber } from "./needs.ts";

/** The routing as events hold it. */
export const stored = ({ direction, label, template }: Routing) => ({
  direction,
  label,
  template: template === null ? null : { ...template },
});

/** The events that move a number from the assistant it has to another, or to none. */
export const reassign = (
  { id: holding, assistant: from }: Pick<Holding, "id" | "assistant">,
  to: string | null,
): readonly DomainEvent[] => {
  if (from === to) return [];
  const events: DomainEvent[] = [];
  if (from !== null) events.push({ type: "NumberUnassigned", data: { holding, assistant: from } });
  if (to !== null) events.push({ type: "NumberAssigned", data: { holding, assistant: to } });
  return events;
};

/** Changes where a number's calls go. What is left out stays; null clears. */
export type ChangeRouting = {
  readonly type: "ChangeRouting";
  readonly holding: string;
  readonly direction?: Direction | undefined;
  readonly label?: string | null | undefined;
  readonly template?: Readonly<Record<string, unknown>> | null | undefined;
  readonly assistant?: string | null | undefined;
};

/** Refused for a number that is being released or was not bought. */
export const changeRouting: Handler<ChangeRouting, NumberUnknown | NumberOutOfService | IdUnfit> = {
  needs: (command) => {
    const { rows = [], ...more } = needsAssistant(command.assistant);
    return { ...more, rows: [...needsNumber(command).rows, ...rows] };
  },
  decide: (state, command, context) => {
    const number = seenNumber(state, command.holding, context);
    if (number === undefined) return unknownNumber;
    const unusable = outOfService(number);
    if (unusable !== null) return unusable;
    const unfit = unfitAssistant(state, command.assistant);
    if (unfit !== null) return unfit;
    const { direction, label, template } = number.routing;
    const next = stored({
      direction: command.direction ?? direction,
      label: command.label === undefined ? label : command.label,
      template: command.template === undefined ? template : command.template,
    });
    const events: DomainEvent[] = [];
    if (!sameJson(next, number.routing)) {
      events.push({ type: "RoutingChanged", data: { holding: number.id, ...next } });
    }
    if (command.assistant !== undefined) events.push(...reassign(number, command.assistant));
    return ok(events);
  },
};

/**
 * Makes these numbers, and no others, an assistant's; the set stays as it is without `holdings`.
 * With a `direction`, the numbers that the assistant then has get it; those that it loses keep
 * theirs.
 */
export type AssignNumbers = {
  readonly type: "AssignNumbers";
  readonly assistant: string;
  readonly holdings?: readonly string[] | undefined;
  readonly direction?: Direction | undefined;
};

const redirect = ({ id, routing }: Holding, direction: Direction | undefined) => {
  if (direction === undefined || routing.direction === direction) return [];
  const data = { holding: id, ...stored({ ...routing, direction }) };
  return [{ type: "RoutingChanged", data }] satisfies DomainEvent[];
};

const decideAssignment = (
  state: State,
  { assistant, holdings, direction }: AssignNumbers,
  context: Context,
): Decision<NumberUnknown | NumberOutOfService | IdUnfit> => {
  const unfit = unfitAssistant(state, assistant);
  if (unfit !== null) return unfit;
  // An assistant's numbers of the other world are not part of this set, and stay with it.
  const own = state.inGroup(numbers, assistant).filter((number) =>
    isWithin(context.scope, worldOf(number))
  );
  const wanted = new Set(
    holdings ?? own.filter((number) => outOfService(number) === null).map(({ id }) => id),
  );
  const lost = holdings === undefined ? [] : own.filter(({ id }) => !wanted.has(id));
  const events: DomainEvent[] = lost.flatMap((number) => reassign(number, null));
  for (const id of wanted) {
    const number = seenNumber(state, id, context);
    if (number === undefined) return unknownNumber;
    const unusable = outOfService(number);
    if (unusable !== null) return unusable;
    events.push(...reassign(number, assistant), ...redirect(number, direction));
  }
  return ok(events);
};

/**
 * A number that another assistant has is moved; one unknown id, and nothing changes
 * (core/README.md).
 */
export const assignNumbers: Handler<AssignNumbers, NumberUnknown | NumberOutOfService | IdUnfit> = {
  needs: ({ assistant, holdings = [] }) => ({
    rows: [
      ...holdings.map((key) => ({ kind: numbers.kind, key })),
      ...(needsAssistant(assistant).rows ?? []),
    ],
    groups: [{ kind: numbers.kind, group: assistant }],
  }),
  decide: decideAssignment,
};

/** Records the status of a number's registration for an SMS campaign. */
export type AssignSmsCampaign = {
  readonly type: "AssignSmsCampaign";
  readonly holding: string;
  readonly campaign: SmsCampaign;
};

/** Refused for a number that is being released or was not bought. */
export const assignSmsCampaign: Handler<AssignSmsCampaign, NumberUnknown | NumberOutOfService> = {
  needs: needsNumber,
  decide: (state, { holding, campaign }, context) => {
    const number = seenNumber(state, holding, context);
    if (number === undefined) return unknownNumber;
    const unusable = outOfService(number);
    if (unusable !== null) return unusable;
    const { profile, campaign: id, status } = campaign;
    const same = number.sms?.profile === profile && number.sms.campaign === id &&
      number.sms.status === status;
    return ok(
      same
        ? NOTHING
        : [{ type: "SmsCampaignAssigned", data: { holding, profile, campaign: id, status } }],
    );
  },
};
