/** The operator's API. */
import type { Dialect } from "../dialect.ts";
import { encodeProblem, invalidProblem } from "../errors.ts";
import { routes } from "./routes.ts";

export const admin: Dialect = {
  name: "admin",
  bases: ["/admin"],
  auth: "admin",
  routes,
  invalid: invalidProblem,
  encodeFailure: encodeProblem,
};
