/** What the operator may set of carriers' requirements; part of `mod.ts`. */
import type { RefusalOf } from "../../../core/registry/commands.ts";
import type {
  RequirementGroup,
  SetRequirementGroup,
} from "../../../core/organization/requirement-groups.ts";
import type { Market } from "../../../core/ports/mod.ts";
import type { Answer } from "./caller.ts";

/** What carriers were given for organizations, by the carriers' own ids. */
export interface RequirementGroups {
  /**
   * Says what fulfils the carrier's requirements for numbers of a country and type: it is sent with
   * every order of such a number that is requested from then on. Null: nothing does.
   *
   * @example
   * ```ts
   * const market = { country: "CH", type: "local" } as const;
   * await ledger.operator.setRequirementGroup("acme", { ...market, group: "rg_1" });
   * ```
   */
  setRequirementGroup(
    organization: string,
    input: Market & { readonly group: string | null },
  ): Answer<Market & { readonly group: string | null }, RefusalOf<SetRequirementGroup>>;
  /**
   * Those that are set for an organization, by country and type; null when there is no such
   * organization.
   *
   * @example
   * ```ts
   * const groups = await ledger.operator.requirementGroups("acme");
   * ```
   */
  requirementGroups(organization: string): Promise<readonly RequirementGroup[] | null>;
}
