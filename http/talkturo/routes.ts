/** Talkturo's calls (http/README.md, Talkturo). */
import { takesPlace } from "../../core/number/status.ts";
import type { NumberView } from "../../core/number/view.ts";
import { ok } from "../../core/values/result.ts";
import type { Call, Outcome, Route } from "../dialect.ts";
import { encoded, listed } from "../list-body.ts";
import { mapInSlices } from "../slices.ts";
import { encodeNumber, encodeOffer, encodePurchase } from "./encode.ts";
import { numberNotFound, otherTeam, purchaseRefused, refused, searchRefused } from "./refusals.ts";
import { AssignmentSchema, PurchaseSchema, SearchSchema, TeamQuerySchema } from "./schemas.ts";

const search = async ({ ledger, caller, body, countSearch }: Call): Promise<Outcome> => {
  const input = await body(SearchSchema);
  if (!input.ok) return input;
  const { countryCode, numberType: type, ...filters } = input.value.filters;
  const found = await ledger.search(
    caller,
    { country: countryCode, type, ...filters },
    { mayGoOn: async () => (await countSearch()).ok },
  );
  if (!found.ok) return searchRefused(found.error);
  const { carrier, offers, nearby } = found.value;
  const numbers = offers.map(encodeOffer);
  return ok({
    status: 200,
    body: {
      success: true,
      numbers,
      provider: carrier,
      count: numbers.length,
      ...(filters.nearby && { nearbyAreaCodes: nearby }),
    },
  });
};

const purchase = async ({ ledger, caller, body, repeatable }: Call): Promise<Outcome> => {
  const input = await body(PurchaseSchema);
  if (!input.ok) return input;
  const { phoneNumber, teamId, connectionId } = input.value;
  if (teamId !== caller.organization) return otherTeam;
  const bought = await ledger.purchase(
    caller,
    { e164: phoneNumber, direction: "both", connection: connectionId ?? null },
    repeatable,
  );
  if (!bought.ok) return purchaseRefused(bought.error);
  const { number, eligibility } = bought.value;
  const isPending = number.status === "purchasing";
  return ok({
    status: isPending ? 202 : 200,
    body: encodePurchase(number, eligibility),
    isPending,
  });
};

const list = async ({ ledger, caller, checkedQuery }: Call): Promise<Outcome> => {
  const query = checkedQuery(TeamQuerySchema);
  if (!query.ok) return query;
  if (query.value.teamId !== caller.organization) return otherTeam;
  // Numbers that could not be bought or are being released are shown, but are not numbers of the
  // team. Of bought numbers the count equals `eligibility.currentCount`.
  let count = 0;
  const shown = (view: NumberView) => {
    if (view.holding.source === "imported" || takesPlace(view.holding)) count += 1;
    return encodeNumber(view);
  };
  const pages = encoded(ledger.numberPages(caller), shown);
  return listed('{"success":true,"numbers":[', pages, () => `],"count":${count}}`);
};

const get = async ({ ledger, caller, param }: Call): Promise<Outcome> => {
  const view = await ledger.numbers.get(caller, param("id"));
  if (view === null) return numberNotFound;
  return ok({ status: 200, body: { success: true, phoneNumber: encodeNumber(view) } });
};

const release = async ({ ledger, caller, param }: Call): Promise<Outcome> => {
  const released = await ledger.release(caller, param("id"));
  if (!released.ok) return refused(released.error);
  return ok(
    released.value.released
      ? { status: 200, body: { success: true, message: "Phone number released" } }
      : { status: 202, body: { success: true, message: "Phone number release started" } },
  );
};

const listAssigned = ({ ledger, caller, param }: Call): Promise<Outcome> => {
  const pages = encoded(ledger.numberPages(caller, { assistant: param("id") }), encodeNumber);
  return Promise.resolve(listed('{"success":true,"numbers":[', pages, () => "]}"));
};

const assign = async ({ ledger, caller, param, body }: Call): Promise<Outcome> => {
  const input = await body(AssignmentSchema);
  if (!input.ok) return input;
  const assigned = await ledger.assign(caller, param("id"), input.value.phoneNumberIds);
  if (!assigned.ok) return refused(assigned.error);
  const numbers = await mapInSlices(assigned.value, encodeNumber);
  return ok({ status: 200, body: { success: true, numbers } });
};

const ASSIGNED = "/api/assistants/:id/telephony/phone-numbers";

export const routes: readonly Route[] = [
  { method: "POST", path: "/api/phone-numbers/search", searches: true, handle: search },
  { method: "POST", path: "/api/phone-numbers/purchase", handle: purchase },
  { method: "GET", path: "/api/phone-numbers/purchase", readsAll: true, handle: list },
  { method: "GET", path: "/api/phone-numbers/:id", handle: get },
  { method: "DELETE", path: "/api/phone-numbers/:id", handle: release },
  { method: "GET", path: ASSIGNED, readsAll: true, handle: listAssigned },
  { method: "PATCH", path: ASSIGNED, handle: assign },
];
