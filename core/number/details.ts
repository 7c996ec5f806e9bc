/** The details of a number: what it has beside its stage, and the events that change them. */
import type { Direction, SmsCampaign } from "../events/number.ts";
import type { FactOf } from "../events/vocabulary.ts";
import type { Instant } from "../values/calendar.ts";
import { unreachable } from "../values/unreachable.ts";
import { isOneOf } from "./facts.ts";

/** Where a number's calls go and what they carry, except its assistant. */
export type Routing = {
  readonly direction: Direction;
  readonly label: string | null;
  readonly template: Readonly<Record<string, unknown>> | null;
};

/** What a number has beside its stage, whether it was bought or imported. */
export type Details = {
  readonly routing: Routing;
  readonly assistant: string | null;
  readonly sms: (SmsCampaign & { readonly updatedAt: Instant }) | null;
  /** The release request that waits for the operator, if one does. */
  readonly releaseRequest: string | null;
};

/** The events that `changed` folds: they may happen to a number of either source. */
export const CHANGING = [
  "NumberPriced",
  "RoutingChanged",
  "NumberAssigned",
  "NumberUnassigned",
  "SmsCampaignAssigned",
  "ReleaseRequested",
  "ReleaseRequestCancelled",
  "ReleaseRequestRejected",
  "ReleaseRequestApproved",
] as const;
export const isChanging = isOneOf(CHANGING);

/** The number after one of these events. */
export const changed = <Row extends Details>(
  row: Row,
  event: FactOf<typeof CHANGING[number]>,
): Row => {
  switch (event.type) {
    case "NumberPriced": {
      const { monthly, carrierMonthly } = event.data;
      return { ...row, monthly, carrierMonthly };
    }
    case "RoutingChanged": {
      const { direction, label, template } = event.data;
      return { ...row, routing: { direction, label, template } };
    }
    case "NumberAssigned":
      return { ...row, assistant: event.data.assistant };
    case "NumberUnassigned":
      return { ...row, assistant: null };
    case "SmsCampaignAssigned": {
      const { profile, campaign, status } = event.data;
      return { ...row, sms: { profile, campaign, status, updatedAt: event.at } };
    }
    case "ReleaseRequested":
      return { ...row, releaseRequest: event.data.request };
    case "ReleaseRequestCancelled":
    case "ReleaseRequestRejected":
    case "ReleaseRequestApproved":
      return { ...row, releaseRequest: null };
    default:
      return unreachable(event);
  }
};
