/** The calls that find numbers, buy them and bring them in. */
import type { NumberView } from "../../core/number/view.ts";
import { ok } from "../../core/values/result.ts";
import type { Call, Outcome, Route } from "../dialect.ts";
import { encodeOffer, encodeWhole } from "./encode.ts";
import { encodeSipConnection } from "./encode-organization.ts";
import { refused } from "./refusals.ts";
import { ImportBody, PurchaseBody, SearchBody } from "./schemas.ts";

/**
 * 200 `{"carrier", "offers": […], "nearby": […]}`: what the carrier sells now. `nearby` are the
 * area codes that were searched in place of an empty one, where that is asked for.
 */
const search = async ({ ledger, caller, body, countSearch }: Call): Promise<Outcome> => {
  const input = await body(SearchBody);
  if (!input.ok) return input;
  const found = await ledger.search(caller, input.value, {
    mayGoOn: async () => (await countSearch()).ok,
  });
  if (!found.ok) return refused(found.error);
  const { carrier, offers, nearby } = found.value;
  return ok({ status: 200, body: { carrier, offers: offers.map(encodeOffer), nearby } });
};

const made = (view: NumberView): Outcome => {
  const isPending = view.status === "purchasing";
  return ok({
    status: isPending ? 202 : 201,
    body: encodeWhole(view),
    isPending,
    headers: { location: `/ledger/numbers/${view.holding.id}` },
  });
};

/** 201 with the number, or 202 while the carrier has not confirmed it; `Location` names it. */
const purchase = async ({ ledger, caller, body, repeatable }: Call): Promise<Outcome> => {
  const input = await body(PurchaseBody);
  if (!input.ok) return input;
  const bought = await ledger.purchase(caller, input.value, repeatable);
  return bought.ok ? made(bought.value.number) : refused(bought.error);
};

/** 201 with the number, which comes in over a SIP connection that is installed. */
const importNumber = async ({ ledger, caller, body, repeatable }: Call): Promise<Outcome> => {
  const input = await body(ImportBody);
  if (!input.ok) return input;
  const imported = await ledger.import(caller, input.value, repeatable);
  return imported.ok ? made(imported.value) : refused(imported.error);
};

/** 200 `{"released": true}`; refused while an assistant has the number. */
const removeImport = async ({ ledger, caller, param }: Call): Promise<Outcome> => {
  const removed = await ledger.removeImport(caller, param("id"));
  return removed.ok ? ok({ status: 200, body: { released: true } }) : refused(removed.error);
};

/** 200 `{"sipConnections": […]}`: what numbers can come in over, by id. */
const listConnections = async ({ ledger, caller }: Call): Promise<Outcome> => {
  const sipConnections = (await ledger.sipConnections(caller)).map(encodeSipConnection);
  return ok({ status: 200, body: { sipConnections } });
};

export const buyingRoutes: readonly Route[] = [
  { method: "POST", path: "/ledger/searches", searches: true, handle: search },
  { method: "POST", path: "/ledger/numbers", handle: purchase },
  { method: "POST", path: "/ledger/imports", handle: importNumber },
  { method: "DELETE", path: "/ledger/imports/:id", handle: removeImport },
  { method: "GET", path: "/ledger/sip-connections", handle: listConnections },
];
