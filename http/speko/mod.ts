/** The phone-number API of Speko (http/README.md, Speko). */
import type { Dialect } from "../dialect.ts";
import { encodeFailure, invalid } from "./failures.ts";
import { routes } from "./routes.ts";

export const speko: Dialect = {
  name: "speko",
  bases: ["/v1"],
  auth: "token",
  routes,
  invalid,
  encodeFailure,
};
