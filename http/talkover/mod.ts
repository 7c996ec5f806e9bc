import type { Dialect } from "../dialect.ts";
import { encodeFailure, invalid } from "./refusals.ts";
import { routes } from "./routes.ts";

/** Talkover's API: organizations are environments, assistants are agents. */
export const talkover: Dialect = {
  name: "talkover",
  bases: ["/api/v1"],
  auth: "token",
  healthPath: "/api/v1/health",
  routes,
  invalid,
  encodeFailure,
};
