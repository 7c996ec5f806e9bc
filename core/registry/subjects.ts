import { charges } from "../number/charges.ts";
import { numbers } from "../number/state.ts";
import { routes } from "../number/routes.ts";
import { offers } from "../number/offers.ts";
import { orders } from "../number/orders.ts";
import { releaseRequests } from "../number/release-requests.ts";
import { connections } from "../organization/connections.ts";
import { requirementGroups } from "../organization/requirement-groups.ts";
import { dailyTallies } from "../organization/daily.ts";
import { purchaseTallies } from "../organization/quotas.ts";
import { assistants, organizations, sipConnections, tokens } from "../organization/state.ts";
import { reconciliations } from "../reconciliation/state.ts";
import { installations } from "../reconciliation/installation.ts";
import { verifications } from "../verification/state.ts";
import type { AnySubject } from "../log/state.ts";

/** Every subject there is: their rows together are the state of an organization. */
export const SUBJECTS: readonly AnySubject[] = [
  organizations,
  purchaseTallies,
  dailyTallies,
  connections,
  requirementGroups,
  assistants,
  sipConnections,
  tokens,
  numbers,
  charges,
  routes,
  offers,
  orders,
  releaseRequests,
  verifications,
  reconciliations,
  installations,
];
