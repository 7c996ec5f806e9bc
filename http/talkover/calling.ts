/** Which calls an agent takes part in, and over which numbers (http/README.md). */
import { ok } from "../../core/values/result.ts";
import type { Call, Outcome, Route } from "../dialect.ts";
import { encodeCalling } from "./encode.ts";
import { sentence } from "./messages.ts";
import { refused } from "./refusals.ts";
import { CallingSchema } from "./schemas.ts";

/**
 * Replaces the agent's numbers, where ids are given, and sets the direction of those that it then
 * has: all of it or nothing. A number that another agent has is moved; one that is lost keeps its
 * direction.
 */
const setCalling = async (call: Call): Promise<Outcome> => {
  const { ledger, caller, language } = call;
  const input = await call.body(CallingSchema);
  if (!input.ok) return input;
  const { direction, phone_number_ids: ids } = input.value;
  const set = await ledger.setCalling(caller, call.param("agentId"), {
    direction,
    ...(ids !== undefined && { ids }),
  });
  if (!set.ok) return refused(set.error, language);
  const data = encodeCalling(set.value, direction, ledger.now());
  const message = sentence("CALLING_UPDATED", language);
  return ok({ status: 200, body: { success: true, message, data } });
};

export const callingRoutes: readonly Route[] = [
  { method: "PUT", path: "/api/v1/agents/:agentId/calling", handle: setCalling },
];
