/** DIDs of SIP trunks: numbers that are imported over them (http/README.md). */
import type { NumberView } from "../../core/number/view.ts";
import type { SipConnection } from "../../core/organization/state.ts";
import { comesInOver, connectionsNamed } from "../../core/organization/trunks.ts";
import { ok } from "../../core/values/result.ts";
import type { Call, Outcome, Route } from "../dialect.ts";
import { listed } from "../list-body.ts";
import { encodeDid } from "./encode.ts";
import { sentence } from "./messages.ts";
import { didNotFound, didRefused, trunkNotFound } from "./refusals.ts";
import { DidSchema } from "./schemas.ts";

/** The installed connections that the path names; empty where there are none. */
const trunkOf = async ({ ledger, caller, param }: Call): Promise<readonly SipConnection[]> =>
  connectionsNamed(await ledger.sipConnections(caller), param("trunkId"));

const isDidOf = (trunk: readonly SipConnection[], { holding }: NumberView): boolean =>
  holding.source === "imported" && comesInOver(holding, trunk);

async function* didsOf(
  trunk: readonly SipConnection[],
  pages: AsyncIterable<readonly NumberView[]>,
) {
  for await (const page of pages) yield page.filter((view) => isDidOf(trunk, view)).map(encodeDid);
}

const listDids = async (call: Call): Promise<Outcome> => {
  const { ledger, caller, language } = call;
  const trunk = await trunkOf(call);
  if (trunk.length === 0) return trunkNotFound(language);
  const pages = didsOf(trunk, ledger.numberPages(caller, { source: "imported" }));
  return listed('{"success":true,"data":[', pages, () => "]}");
};

/** A trunk that several connections have is imported over as such: none of them is meant alone. */
const viaOf = (trunk: readonly SipConnection[], id: string) => {
  const [connection] = trunk;
  return connection !== undefined && trunk.length === 1
    ? { sipConnection: connection.installation }
    : { sipTrunk: id };
};

const createDid = async (call: Call): Promise<Outcome> => {
  const { ledger, caller, language, repeatable } = call;
  const input = await call.body(DidSchema);
  if (!input.ok) return input;
  const trunkId = call.param("trunkId");
  const trunk = await trunkOf(call);
  if (trunk.length === 0) return trunkNotFound(language);
  const imported = await ledger.import(
    caller,
    { ...input.value, via: viaOf(trunk, trunkId) },
    repeatable,
  );
  if (!imported.ok) return didRefused(imported.error, language);
  const data = { ...encodeDid(imported.value), trunk_id: trunkId };
  return ok({ status: 201, body: { success: true, data } });
};

const deleteDid = async (call: Call): Promise<Outcome> => {
  const { ledger, caller, language } = call;
  const id = call.param("id");
  const trunk = await trunkOf(call);
  if (trunk.length === 0) return trunkNotFound(language);
  const view = await ledger.numbers.get(caller, id);
  if (view === null || !isDidOf(trunk, view)) return didNotFound(language);
  const removed = await ledger.removeImport(caller, id);
  if (!removed.ok) return didRefused(removed.error, language);
  return ok({ status: 200, body: { success: true, message: sentence("DID_DELETED", language) } });
};

const DIDS = "/api/v1/sip-trunks/:trunkId/dids";

export const didRoutes: readonly Route[] = [
  { method: "GET", path: DIDS, readsAll: true, handle: listDids },
  { method: "POST", path: DIDS, handle: createDid },
  { method: "DELETE", path: `${DIDS}/:id`, handle: deleteDid },
];
