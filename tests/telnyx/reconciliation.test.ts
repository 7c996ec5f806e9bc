/** End to end, over HTTP: a Telnyx account that others use too, and that drifted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { OrphanPolicy } from "../../core/events/drift.ts";
import { ADMIN_TOKEN } from "../support/app.ts";
import type { Telnyx } from "../harness/emulators/telnyx/mod.ts";
import { openCustomer, type TelnyxApp, withTelnyx } from "./support.ts";

const SETTLING_S = 60;

/** Another program with the account's key. */
const strangerTo = ({ fetch, baseUrl, apiKey }: Telnyx) => {
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${baseUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  };
  return {
    order: (e164: string | undefined, customerReference?: string) =>
      call("POST", "/number_orders", {
        phone_numbers: [{ phone_number: e164 }],
        customer_reference: customerReference,
      }),
    remove: (id: string | undefined) => call("DELETE", `/phone_numbers/${id}`),
    connect: (id: string | undefined, connection: string) =>
      call("PATCH", `/phone_numbers/${id}`, { connection_id: connection }),
  };
};

/** What was found, in the order of the numbers. */
const reconcile = async ({ app }: TelnyxApp): Promise<readonly string[]> => {
  const answer = await app.request("POST", "/admin/reconciliations", { token: ADMIN_TOKEN });
  assert.equal(answer.status, 200, JSON.stringify(answer.json));
  return answer.json.drifts
    .toSorted((a: { e164: string }, b: { e164: string }) => a.e164 < b.e164 ? -1 : 1)
    .map((drift: Record<string, string>) =>
      `${drift["kind"]} ${drift["e164"]}: ${drift["remedy"]}, ${drift["outcome"]}`
    );
};

const kept = ({ telnyx }: TelnyxApp): readonly string[] =>
  telnyx.numbers().map(({ e164 }) => e164).toSorted();

/** Numbers that drifted in every way; the six of them in order. */
const driftedAccount = async (opened: TelnyxApp): Promise<readonly string[]> => {
  const { telnyx, app } = opened;
  const customer = await openCustomer(app, "acme");
  const stranger = strangerTo(telnyx);
  const numbers = (await customer.search(6)).toSorted();
  const [ghost, connected, orphan, foreign, keyless, sound] = numbers;
  const connectionId = "1494404757140276705";
  const path = `/admin/organizations/acme/connections/${connectionId}`;
  await app.admin("PUT", path, { label: "Main" });
  for (const e164 of [ghost, connected, orphan, sound]) {
    const body = { phoneNumber: e164, teamId: "acme", connectionId };
    const { token } = customer;
    const bought = await app.request("POST", "/api/phone-numbers/purchase", { token, body });
    assert.equal(bought.status, 200, JSON.stringify(bought.json));
  }
  const at = (e164: string | undefined) => telnyx.numbers().find((number) => number.e164 === e164);
  const key = at(orphan)?.customerReference ?? undefined;
  assert.ok(key);
  const held = await customer.numbers();
  await customer.release(held.find(({ phone_number }) => phone_number === orphan)?.id ?? "");
  await stranger.order(orphan, key);
  await stranger.order(foreign, "od_01kzzzzzzzzzzzzzzzzzzzzzzz");
  await stranger.order(keyless);
  await stranger.remove(at(ghost)?.id);
  await stranger.connect(at(connected)?.id, "1494404757140276999");
  await app.advance(SETTLING_S);
  return numbers;
};

/** The answer without any number in its list. */
const emptied = async (answer: Response): Promise<Response> =>
  Response.json({ ...(await answer.json()), data: [] });

/** A customer who has held one number for a while. */
const customerWithNumber = async ({ app }: TelnyxApp) => {
  const customer = await openCustomer(app, "acme");
  const [e164 = ""] = await customer.search(1);
  await customer.buy(e164);
  await app.advance(2 * SETTLING_S);
  return { customer, e164 };
};

const withOrphans = (
  orphans: OrphanPolicy,
  use: (opened: TelnyxApp) => Promise<void>,
): Promise<void> => withTelnyx({ app: { orphans } }, use);

test("account that others use is repaired, and their numbers are left alone", () =>
  withOrphans({ kind: "release" }, async (opened) => {
    const [ghost, connected, orphan, foreign, keyless, sound] = await driftedAccount(opened);
    assert.deepEqual(await reconcile(opened), [
      `ghost ${ghost}: releaseHere, done`,
      `mismatch ${connected}: connect, done`,
      `orphan ${orphan}: releaseThere, done`,
      `orphan ${keyless}: report, reported`,
    ]);
    assert.deepEqual(kept(opened), [connected, foreign, keyless, sound]);
    const connections = opened.telnyx.numbers().map(({ connectionId }) => connectionId);
    assert.equal(connections.filter((id) => id === "1494404757140276705").length, 2);
    assert.deepEqual(await reconcile(opened), [`orphan ${keyless}: report, reported`]);
  }));

test("numbers without a key, or with ours, are adopted at Telnyx's price of such a number", () =>
  withOrphans({ kind: "adopt", into: "adopter" }, async (opened) => {
    const { token } = await openCustomer(opened.app, "adopter");
    const [ghost, connected, orphan, , keyless] = await driftedAccount(opened);
    assert.deepEqual(await reconcile(opened), [
      `ghost ${ghost}: releaseHere, done`,
      `mismatch ${connected}: connect, done`,
      `orphan ${orphan}: adopt, done`,
      `orphan ${keyless}: adopt, done`,
    ]);
    const { json } = await opened.app.request("GET", "/ledger/numbers", { token });
    const shown = json.numbers.map((number: Record<string, unknown>) =>
      [number["e164"], number["status"], number["monthlyUsd"]].join(" ")
    );
    assert.deepEqual(shown, [`${orphan} active 1.00`, `${keyless} active 1.00`]);
    assert.deepEqual(await reconcile(opened), []);
  }));

test("reconciliation answers 503 immediately when Telnyx cannot be reached", () =>
  withOrphans({ kind: "report" }, async (opened) => {
    opened.telnyx.fail("any", { kind: "refuseConnection" });
    const answer = await opened.app.request("POST", "/admin/reconciliations", {
      token: ADMIN_TOKEN,
    });
    assert.equal(answer.status, 503);
    assert.equal(answer.json.reconciliation.broken.kind, "unreachable");
  }));

test("number that Telnyx does not list, but has under its id, is reported and kept", () =>
  withOrphans({ kind: "report" }, async (opened) => {
    const { customer, e164 } = await customerWithNumber(opened);
    const { telnyx } = opened;
    const end = telnyx.fail("listNumbers", { kind: "replaceAnswer", by: emptied });
    assert.deepEqual(await reconcile(opened), [`mismatch ${e164}: report, reported`]);
    end();
    assert.deepEqual(await reconcile(opened), []);
    assert.deepEqual(kept(opened), [e164]);
    assert.equal((await customer.numbers()).length, 1);
    assert.equal(telnyx.requests("deleteNumber"), 0);
  }));

test("ghost is ended here, and Telnyx is never asked to delete it", () =>
  withOrphans({ kind: "report" }, async (opened) => {
    const { customer, e164 } = await customerWithNumber(opened);
    const { telnyx } = opened;
    const by = () =>
      Promise.resolve(Response.json({ errors: [{ code: "10005" }] }, { status: 404 }));
    telnyx.fail("listNumbers", { kind: "replaceAnswer", by: emptied });
    telnyx.fail("retrieveNumber", { kind: "replaceAnswer", by }, { times: 1 });
    assert.deepEqual(await reconcile(opened), [`ghost ${e164}: releaseHere, done`]);
    assert.deepEqual(await customer.numbers(), []);
    assert.equal(telnyx.requests("deleteNumber"), 0);
    assert.deepEqual(kept(opened), [e164]);
  }));
