/** An organization of 20 numbers at a server, and what asks for it. */
import { numberAt } from "./engine.ts";
import { getRequest, loadRound, postRequest } from "./load-requests.ts";
import { type Load, openOrganization, type ServerProcess } from "./processes.ts";

/** How many numbers it has. */
export const NUMBERS = 20;
export const ORGANIZATION = "acme";
/** Where it lists and buys them. */
export const PATH = "/v1/phone-numbers";
/** How many ask at the same time. */
export const CALLERS = 8;

/** Opens it and buys its numbers; `token` is that of a user. */
export const customer = async (server: ServerProcess, load: Load) => {
  const token = await openOrganization(server, ORGANIZATION);
  let sold = 0;
  const buying = (callers: number, count: number) => ({
    url: server.url,
    callers,
    count,
    requests: Array.from(
      { length: count },
      () => postRequest(PATH, { e164: numberAt(sold++) }, token),
    ),
  });
  await load(buying(1, NUMBERS));
  return {
    token,
    list: (count: number) =>
      loadRound(load, () => ({
        url: server.url,
        callers: CALLERS,
        count,
        requests: [getRequest(PATH, token)],
      })),
    purchase: (count: number) => loadRound(load, () => buying(CALLERS, count)),
  };
};
