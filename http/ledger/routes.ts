/** The ledger's own calls (http/README.md, Ledger). */
import type { Route } from "../dialect.ts";
import { assistantRoutes } from "./assistants.ts";
import { buyingRoutes } from "./buying.ts";
import { dryRunRoutes } from "./dry-run.ts";
import { numberRoutes } from "./numbers.ts";
import { organizationRoutes } from "./organization.ts";
import { releaseRequestRoutes } from "./release-requests.ts";
import { verificationRoutes } from "./verification.ts";

export const routes: readonly Route[] = [
  ...numberRoutes,
  ...buyingRoutes,
  ...assistantRoutes,
  ...releaseRequestRoutes,
  ...verificationRoutes,
  ...organizationRoutes,
  ...dryRunRoutes,
];
