import { findPlan } from "../../../core/organization/plans.ts";
import type { Ledger } from "../../ledger/mod.ts";

/** A token to try the server with, for as long as it runs. */
export type Demo = { readonly token: string; end(): Promise<void> };

/**
 * Opens the organization `demo` with a token for this run, so that an operator who starts the
 * server for the first time, without an admin token, has a token to call it with. It is on the plan
 * `Growth`, or on the first where the catalogue has no plan of that name.
 */
export const openDemo = async (
  { operator }: Ledger,
): Promise<Demo> => {
  const organization = "demo";
  const catalogue = operator.plans();
  const plan = findPlan(catalogue, "Growth")?.name ?? Object.keys(catalogue)[0] ?? "";
  if (await operator.organization(organization) === null) {
    await operator.open(organization, { name: "Demo", plan });
  }
  const user = { email: "demo@example.com", name: "Demo", sandbox: true };
  const issued = await operator.issueToken(organization, user);
  if (!issued.ok) throw new Error(issued.error.message);
  const { id, token } = issued.value;
  return {
    token,
    end: async () => {
      await operator.revokeToken(id);
    },
  };
};
