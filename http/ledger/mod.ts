/** The ledger's own API: calls that none of the three products has. */
import type { Dialect } from "../dialect.ts";
import { encodeProblem, invalidProblem } from "../errors.ts";
import { routes } from "./routes.ts";

export const ledger: Dialect = {
  name: "ledger",
  bases: ["/ledger", "/mcp"],
  auth: "token",
  routes,
  invalid: invalidProblem,
  encodeFailure: encodeProblem,
};
