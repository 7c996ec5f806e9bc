/** SIP connections, over one of which a number has to be imported. */
import type { Ledger } from "../../adapters/ledger/api/mod.ts";

/** Installs a connection over this trunk for an organization; the same again changes nothing. */
export const installTrunk = (
  ledger: Pick<Ledger, "operator">,
  organization: string,
  trunk: string,
) =>
  ledger.operator.installSipConnection(organization, {
    installation: `sip_${trunk}`,
    providerName: "Trunkline",
    trunk,
    ready: true,
  });
