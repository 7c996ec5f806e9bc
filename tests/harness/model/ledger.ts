/** A model run's calls as library calls. */
import type { Caller, Ledger } from "../../../adapters/ledger/api/mod.ts";
import type { NumberView } from "../../../core/number/view.ts";
import type { SearchFilters } from "../../../core/ports/mod.ts";
import type { Result } from "../../../core/values/result.ts";
import { type ClientAnswer, type NumberClient, refusedWith, type SeenNumber } from "./client.ts";

const seen = ({ holding, status }: NumberView): SeenNumber => ({
  id: holding.id,
  e164: holding.e164,
  status: status === "releasing" || status === "released" ? "suspended" : status,
  assistant: holding.assistant,
});

const answer = <Value, Seen>(
  result: Result<Value, { readonly code: string }>,
  see: (value: Value) => Seen,
): ClientAnswer<Seen> =>
  result.ok ? { ok: true, value: see(result.value) } : refusedWith(result.error.code);

const FILTERS: SearchFilters = { country: "US", type: "local", areaCode: "415", limit: 20 };

/**
 * Makes the calls of a model run with this ledger, on behalf of a caller whose organization is
 * open.
 *
 * @example
 * ```ts
 * import { ledgerClient } from "ledgerline/testing";
 *
 * const client = ledgerClient(ledger, alice);
 * console.log(await client.list());
 * ```
 */
export const ledgerClient = (ledger: Ledger, caller: Caller): NumberClient => ({
  list: async () => (await ledger.numbers.list(caller)).map(seen),
  get: async (id) => {
    const view = await ledger.numbers.get(caller, id);
    return view === null ? null : seen(view);
  },
  search: async () => {
    const found = await ledger.search(caller, FILTERS);
    return found.ok ? found.value.offers.map(({ e164 }) => e164) : [];
  },
  buy: async (e164, key) => {
    const bought = await ledger.purchase(caller, { e164 }, { commandId: key });
    return answer(bought, ({ number }) => seen(number));
  },
  assign: async (id, assistant) =>
    answer(await ledger.route(caller, id, { assistant }), () => null),
  release: async (id) => answer(await ledger.release(caller, id), ({ released }) => ({ released })),
  requestRelease: async (holding) => {
    const input = { holding, reason: "No longer needed." };
    return answer(await ledger.releaseRequests.request(caller, input), ({ id }) => id);
  },
  cancelRequest: async (request) =>
    answer(await ledger.releaseRequests.cancel(caller, request), () => null),
});
