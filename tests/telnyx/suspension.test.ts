/** A number that is suspended has neither a connection nor a messaging profile at Telnyx. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openTestClock } from "../../adapters/clock/test.ts";
import { DAY_MS, SECOND_MS } from "../../core/values/calendar.ts";
import type { TestApp } from "../support/app.ts";
import { openTelnyx, type Telnyx } from "../harness/emulators/telnyx/mod.ts";
import type { TelnyxOptions } from "../harness/emulators/telnyx/mod.ts";
import { asker } from "./emulator-requests.ts";
import { carrierOf, openCustomer, START, type TelnyxApp, withTelnyx } from "./support.ts";

const CONNECTION = "1494404757140276705";
const OTHER = "1494404757140276706";
const PROFILE = "400174af-0a13-4e28-b4f5-000000000001";
const ROUTE = { connectionId: CONNECTION, messagingProfileId: PROFILE };
const NOWHERE = { connectionId: null, messagingProfileId: null };

const routeOf = (telnyx: Telnyx) => {
  const [number] = telnyx.numbers();
  assert.ok(number !== undefined);
  const { connectionId, messagingProfileId } = number;
  return { connectionId, messagingProfileId };
};

/** The operator gives the number a route in the portal. */
const attach = async (telnyx: Telnyx, { connectionId, messagingProfileId }: typeof ROUTE) => {
  const [number] = telnyx.numbers();
  const ask = asker(telnyx);
  const path = `/phone_numbers/${number?.id}`;
  const connected = await ask("PATCH", path, { connection_id: connectionId });
  const messaged = await ask("PATCH", `${path}/messaging`, {
    messaging_profile_id: messagingProfileId,
  });
  assert.deepEqual([connected.status, messaged.status], [200, 200]);
};

/** The adapter, with one number that has a route. */
const openCarrier = async (options: TelnyxOptions = {}) => {
  const clock = openTestClock(START);
  const telnyx = await openTelnyx({ clock, orderMs: 0, ...options });
  const carrier = carrierOf(telnyx, clock, { repeats: 0 });
  const filters = { country: "US", type: "local", areaCode: "415", limit: 1 } as const;
  const found = await carrier.search(filters);
  assert.ok(found.ok);
  const e164 = found.value[0]?.e164 ?? assert.fail("nothing is for sale");
  await carrier.order({ key: "od_1", e164, connectionId: null });
  await attach(telnyx, ROUTE);
  const [kept] = telnyx.numbers();
  const number = { carrierId: kept?.id ?? "", e164 };
  const { suspend, resume } = carrier;
  assert.ok(suspend !== undefined && resume !== undefined);
  return { telnyx, carrier, number, suspend, resume };
};

describe("the Telnyx adapter", () => {
  for (const noConnection of ["empty", "null"] as const) {
    test(`suspends and resumes where ${noConnection} removes a connection`, async () => {
      const { telnyx, number, suspend, resume } = await openCarrier({ noConnection });
      for (let times = 0; times < 2; times++) {
        assert.deepEqual(await suspend(number), { ok: true, value: "suspended" });
        assert.deepEqual(routeOf(telnyx), NOWHERE);
      }
      for (let times = 0; times < 2; times++) {
        assert.deepEqual(await resume(number, ROUTE), { ok: true, value: "resumed" });
        assert.deepEqual(routeOf(telnyx), ROUTE);
      }
      telnyx.close();
    });
  }

  test("changes nothing that is already correct", async () => {
    const { telnyx, number, suspend, resume } = await openCarrier();
    const before = telnyx.requests("updateNumber") + telnyx.requests("updateMessaging");
    await resume(number, ROUTE);
    await suspend(number);
    await suspend(number);
    const after = telnyx.requests("updateNumber") + telnyx.requests("updateMessaging");
    assert.equal(after - before, 2);
    telnyx.close();
  });

  test("does not treat a remaining connection as a suspension", async () => {
    const { telnyx, number, suspend } = await openCarrier();
    const unchanged = async (answer: Response): Promise<Response> => {
      const body = await answer.json();
      const data = { ...body.data, connection_id: CONNECTION };
      return Response.json({ ...body, data });
    };
    telnyx.fail("updateNumber", { kind: "replaceAnswer", by: unchanged });
    const answer = await suspend(number);
    assert.ok(!answer.ok && answer.error.kind === "unknown", JSON.stringify(answer));
    telnyx.close();
  });

  test("does not treat an unreported profile as a suspension, and forgets none", async () => {
    const { telnyx, carrier, number, suspend } = await openCarrier();
    const untold = async (answer: Response): Promise<Response> => {
      const body = await answer.json();
      const data = { ...body.data, messaging_profile_id: "UNAVAILABLE" };
      return Response.json({ ...body, data });
    };
    const end = telnyx.fail("retrieveNumber", { kind: "replaceAnswer", by: untold });
    const answer = await suspend(number);
    assert.ok(!answer.ok && answer.error.kind === "unknown", JSON.stringify(answer));
    end();
    assert.deepEqual(await suspend(number), { ok: true, value: "suspended" });
    const found = await carrier.findNumber(number.e164);
    assert.ok(found.ok && found.value?.attached === false);
    telnyx.close();
  });

  test("reports that it cannot attach a connection that no longer exists", async () => {
    const { telnyx, number, resume } = await openCarrier();
    const gone = { connectionId: "none of theirs", messagingProfileId: null };
    const answer = await resume(number, gone);
    assert.ok(!answer.ok && answer.error.kind === "refused", JSON.stringify(answer));
    telnyx.close();
  });
});

const MONTH_S = 32 * DAY_MS / SECOND_MS;

/** Three dollars pay for no more. */
const MOST_MONTHS = 4;

/** The customer's credits are used up, and then the number is unpaid. */
const openSuspended = async (
  { app, telnyx }: TelnyxApp,
  befall: () => void = () => {},
): Promise<void> => {
  const customer = await openCustomer(app, "acme", { plan: "Credits", credits: 3 });
  const [e164 = ""] = await customer.search(1);
  assert.equal((await customer.buy(e164)).status, 200);
  await attach(telnyx, ROUTE);
  befall();
  const statusOf = async () => (await customer.numbers())[0]?.status;
  for (let months = 0; months < MOST_MONTHS && await statusOf() === "active"; months++) {
    await app.advance(MONTH_S);
  }
  assert.equal(await statusOf(), "suspended");
};

const pay = (app: TestApp) =>
  app.admin("POST", "/admin/organizations/acme/credits", { amount: "5.00" });

const reconcile = async (app: TestApp): Promise<readonly string[]> => {
  const { status, drifts } = await app.admin("POST", "/admin/reconciliations");
  assert.equal(status, "complete");
  return drifts.map(({ kind, remedy, outcome }: Record<string, string>) =>
    `${kind}: ${remedy}, ${outcome}`
  );
};

describe("an unpaid number", () => {
  test("is detached at Telnyx, and back on its connection and profile once it is paid", () =>
    withTelnyx({}, async (subject) => {
      await openSuspended(subject);
      const { app, telnyx } = subject;
      assert.deepEqual(routeOf(telnyx), NOWHERE);
      await pay(app);
      await app.advance(120);
      assert.deepEqual(routeOf(telnyx), ROUTE);
      assert.deepEqual(await reconcile(app), []);
    }));

  for (const kind of ["loseAnswer", "cutAnswer", "malformedAnswer", "loseRequest"] as const) {
    test(`is eventually detached and attached when Telnyx's answers meet ${kind}`, () =>
      withTelnyx({ limits: { repeats: 0 } }, async (subject) => {
        const { app, telnyx } = subject;
        const fail = () => {
          for (const endpoint of ["updateNumber", "updateMessaging"] as const) {
            telnyx.fail(endpoint, { kind }, { times: 3 });
          }
        };
        await openSuspended(subject, fail);
        for (let steps = 0; steps < 10; steps++) await app.advance(60);
        assert.deepEqual(routeOf(telnyx), NOWHERE);
        fail();
        await pay(app);
        for (let steps = 0; steps < 10; steps++) await app.advance(60);
        assert.deepEqual(routeOf(telnyx), ROUTE);
      }));
  }

  test("is detached again by a reconciliation when it was attached meanwhile", () =>
    withTelnyx({}, async (subject) => {
      await openSuspended(subject);
      const { app, telnyx } = subject;
      await app.advance(300);
      await attach(telnyx, { ...ROUTE, connectionId: OTHER });
      assert.deepEqual(await reconcile(app), ["mismatch: detach, done"]);
      assert.deepEqual(routeOf(telnyx), NOWHERE);
      await pay(app);
      await app.advance(120);
      assert.deepEqual(routeOf(telnyx), { ...ROUTE, connectionId: OTHER });
    }));
});
