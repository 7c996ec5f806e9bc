/** Who held a number, over all organizations. */
import * as v from "valibot";
import type { Holder } from "../../adapters/ledger/api/mod.ts";
import { isoTime } from "../../core/values/calendar.ts";
import { E164Schema } from "../../core/values/e164.ts";
import { failed, ok } from "../../core/values/result.ts";
import type { Call, Outcome, Route } from "../dialect.ts";
import { invalidProblem } from "../errors.ts";
import { exactTime } from "../../core/values/calendar.ts";
import { isSandbox } from "./encode.ts";
import { HoldersQuery } from "./schemas.ts";

const encodeHolder = ({ organization, holding, status }: Holder) => ({
  organization,
  id: holding.id,
  source: holding.source,
  carrier: holding.source === "managed" ? holding.carrier : null,
  sandbox: isSandbox(holding),
  status,
  createdAt: isoTime(holding.createdAt),
});

/**
 * 200 `{"e164", "at", "holders": [{"organization", "id", "source", "carrier", "sandbox", "status",
 * "createdAt"}]}`, those who held the number at a time, now where none is given; the last where it
 * is repeated.
 */
const listHolders = async ({ ledger, param, checkedQuery }: Call): Promise<Outcome> => {
  const query = checkedQuery(HoldersQuery, { lastCounts: ["at"] });
  if (!query.ok) return query;
  const number = v.safeParse(E164Schema, param("e164"));
  if (!number.success) {
    return failed(invalidProblem({ e164: number.issues.map(({ message }) => message) }));
  }
  const e164 = number.output;
  const { at = ledger.now() } = query.value;
  if (at > ledger.now()) return failed(invalidProblem({ at: ["must not be in the future"] }));
  const holders = await ledger.operator.holders(e164, { at });
  return ok({
    status: 200,
    body: { e164, at: exactTime(at), holders: holders.map(encodeHolder) },
  });
};

export const holderRoutes: readonly Route[] = [
  { method: "GET", path: "/ledger/holders/:e164", handle: listHolders },
];
