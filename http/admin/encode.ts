import type { OrganizationView } from "../../adapters/ledger/api.ts";
import { formatMoney } from "../../core/values/money.ts";

/** An organization as the operator's API shows it; `credits` are dollars as a decimal string. */
export const encodeOrganization = (
  { id, name, plan, credits, verification }: OrganizationView,
) => ({
  id,
  name,
  plan,
  credits: formatMoney(credits),
  verification: verification.status,
});
