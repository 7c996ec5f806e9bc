/**
 * Requirement groups: what the carrier has been given for an organization (papers, addresses), by
 * its own id, for numbers of one country and type. One is sent with every order that it is for.
 */
import type { Market, NumberType } from "../ports/carrier.ts";
import { type Handler, NOTHING } from "../log/decision.ts";
import type { State, Subject } from "../log/state.ts";
import { ok } from "../values/result.ts";
import { type IdUnfit, unfitNewId } from "./ids.ts";
import { type OrganizationUnknown, self, SELF_ROW, unknownOrganization } from "./refusals.ts";

/** The group of an organization for one market. */
export type RequirementGroup = Market & { readonly group: string };

const ALL = "all";

const isOf = ({ country, type }: Market) => (other: Market): boolean =>
  other.country === country && other.type === type;

const byMarket = (a: Market, b: Market): number =>
  a.country === b.country ? (a.type < b.type ? -1 : 1) : a.country < b.country ? -1 : 1;

/**
 * The groups of an organization in one row, by country and type, so that a purchase reads it before
 * it is known of which market the number is. There is at most one for each country and type.
 */
export const requirementGroups: Subject<readonly RequirementGroup[], "RequirementGroupSet"> = {
  kind: "requirementGroups",
  keys: { RequirementGroupSet: () => [ALL] },
  evolve: (row = [], event) => {
    const { group, ...market } = event.data;
    const others = row.filter((one) => !isOf(market)(one));
    const groups = group === null ? others : [...others, { ...market, group }].sort(byMarket);
    return groups.length === 0 ? undefined : groups;
  },
};

/** The row of the groups, for `needs`. */
export const REQUIREMENT_GROUPS_ROW = { kind: requirementGroups.kind, key: ALL };

/** The groups of the organization, by country and type. */
export const requirementGroupsOf = (state: State): readonly RequirementGroup[] =>
  state.get(requirementGroups, ALL) ?? [];

/** The group for these numbers; null where the organization has not set one. */
export const requirementGroupOf = (state: State, market: Market): string | null =>
  requirementGroupsOf(state).find(isOf(market))?.group ?? null;

/** Says which group fulfils the carrier's requirements for a market; null: none does. */
export type SetRequirementGroup = {
  readonly type: "SetRequirementGroup";
  readonly country: string;
  readonly numberType: NumberType;
  readonly group: string | null;
};

/**
 * Refused for an unknown organization and an unfit new id; the same again changes nothing. Orders
 * that were requested before keep the group that they were requested with.
 */
export const setRequirementGroup: Handler<SetRequirementGroup, OrganizationUnknown | IdUnfit> = {
  needs: () => ({ rows: [SELF_ROW, REQUIREMENT_GROUPS_ROW] }),
  decide: (state, { country, numberType: type, group }) => {
    if (self(state) === undefined) return unknownOrganization;
    const known = requirementGroupOf(state, { country, type });
    if (known === group) return ok(NOTHING);
    const unfit = group === null
      ? null
      : unfitNewId("The requirement group's id", group, () => false);
    if (unfit !== null) return unfit;
    return ok([{ type: "RequirementGroupSet", data: { country, type, group } }]);
  },
};
