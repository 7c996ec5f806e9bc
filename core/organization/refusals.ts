/** The refusals of commands to an organization, and its row; the state is in `state.ts`. */
import type { Refused } from "../log/decision.ts";
import { failed } from "../values/result.ts";
import { type Organization, organizations, SELF } from "./state.ts";
import type { State } from "../log/state.ts";

/** The organization was never opened. */
export type OrganizationUnknown = Refused<"ORGANIZATION_UNKNOWN">;

/** Why a command to the organization itself is refused. */
export type OrganizationRefusal =
  | OrganizationUnknown
  | Refused<"ORGANIZATION_CLOSED">
  | Refused<"PLAN_UNKNOWN">
  | Refused<"ORGANIZATION_RESERVED">
  | Refused<"ORGANIZATION_ID_UNFIT">
  | Refused<"CREDITS_EXCEEDED">
  | Refused<"TOKEN_LIMIT_REACHED">
  | Refused<"TOKEN_UNKNOWN">;

/** The refusal of a command to an organization that was never opened. */
export const unknownOrganization = failed<OrganizationUnknown>({
  code: "ORGANIZATION_UNKNOWN",
  message: "No organization has this id; the operator must open it first.",
});

/** The refusal of a token that no organization has, or that was revoked. */
export const unknownToken = failed<Refused<"TOKEN_UNKNOWN">>({
  code: "TOKEN_UNKNOWN",
  message: "No token has this id; it may have been revoked already.",
});

/** The organization's row; undefined when it was never opened. */
export const self = (state: State): Organization | undefined => state.get(organizations, SELF);

/** The key of the organization's own row, for `needs`. */
export const SELF_ROW = { kind: organizations.kind, key: SELF };
