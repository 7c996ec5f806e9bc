import type { Dialect } from "../dialect.ts";
import { invalid } from "./refusals.ts";
import { routes } from "./routes.ts";

/** Talkturo's API: organizations are teams, agents are assistants. */
export const talkturo: Dialect = {
  name: "talkturo",
  bases: ["/api"],
  auth: "token",
  routes,
  invalid,
  encodeFailure: ({ status, code, message, extra }) => ({
    body: {
      success: false,
      // The documentation prescribes this text, regardless of the failure's source.
      error: status === 401 ? "Unauthorized" : message,
      code,
      ...extra,
    },
  }),
};
