/** The operator's API. */
import type { Dialect } from "../dialect.ts";
import { encodeProblem, invalidProblem } from "../errors.ts";
import { holderRoutes } from "./holders.ts";
import { routes } from "./routes.ts";

export const admin: Dialect = {
  name: "admin",
  bases: ["/admin", "/ledger/holders"],
  auth: "admin",
  routes: [...routes, ...holderRoutes],
  invalid: invalidProblem,
  encodeFailure: encodeProblem,
};
