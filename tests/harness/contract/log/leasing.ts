import assert from "node:assert/strict";
import { MINUTE_MS } from "../../../../core/values/calendar.ts";
import type { LeaseKey } from "../../../../core/ports/mod.ts";
import { skip, type Test } from "../../runner.ts";
import { newOrganization } from "./support.ts";
import type { TheLog } from "./support.ts";

/** Leases on work, of logs that have any. */
export const leasing = (test: Test, theLog: TheLog): void => {
  test("a lease goes to the first log to ask, again while it holds it, and is free after its end", async () => {
    const { leases } = theLog();
    if (leases === undefined) return skip("the log has no `leases`");
    const organization = newOrganization();
    const keys = ["a", "b"].map((key): LeaseKey => ({ organization, kind: "number", key }));
    const take = async (wanted: readonly LeaseKey[]) =>
      (await leases.take(wanted, MINUTE_MS)).map(({ key }) => key).toSorted();
    assert.deepEqual(await take(keys), ["a", "b"]);
    assert.deepEqual(await take(keys.slice(1)), ["b"]);
    await leases.end(keys);
    assert.deepEqual(await take(keys), ["a", "b"]);
    await leases.end(keys);
  });
};
