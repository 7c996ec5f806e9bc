/** What an organization's plan allows and how it is billed (the contract's plan catalogue). */
export type Plan = {
  readonly name: string;
  /** How many bought numbers may be held at once; under `trial`, how many ever. */
  readonly maxNumbers: number;
  /**
   * `trial`: one number ever, lent for five days, nothing charged. `subscription`: charged through
   * the payments port. `credits`: setup and months are taken from the organization's credits.
   */
  readonly billing: "trial" | "subscription" | "credits";
  /** How far business verification must have come before a number can be bought. */
  readonly verification: "none" | "submitted" | "approved";
};

/** The plans on offer, by name. */
export type PlanCatalogue = Readonly<Record<string, Plan>>;

const plan = (
  name: string,
  maxNumbers: number,
  billing: Plan["billing"],
  verification: Plan["verification"],
): Plan => ({ name, maxNumbers, billing, verification });

/** The catalogue that the contract names as the default. */
export const DEFAULT_PLANS: PlanCatalogue = {
  Free: plan("Free", 1, "trial", "none"),
  Growth: plan("Growth", 10, "subscription", "none"),
  Scale: plan("Scale", 100, "subscription", "none"),
  Prepaid: plan("Prepaid", 1_000, "credits", "approved"),
};

/** The plan of this name; undefined when the catalogue has none. */
export const findPlan = (catalogue: PlanCatalogue, name: string): Plan | undefined =>
  Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;

/**
 * The plan an organization is on. One that has since left the catalogue keeps what it has and buys
 * nothing more.
 */
export const planOf = (catalogue: PlanCatalogue, name: string): Plan =>
  findPlan(catalogue, name) ?? plan(name, 0, "subscription", "none");
