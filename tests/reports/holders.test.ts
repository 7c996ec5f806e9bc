/** Public reports about who holds a number, however it is acquired and written. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_KEY, ONE, openWorld, type World } from "../http/reconciliation-support.ts";
import { SIP } from "../support/app.ts";

type Way = "purchase" | "import" | "adoption";

const WAYS: readonly Way[] = ["purchase", "import", "adoption"];

/** All orders in which these can come. */
const ordersOf = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  items.length <= 1
    ? [items]
    : items.flatMap((first) =>
      ordersOf(items.filter((each) => each !== first)).map((rest) => [first, ...rest])
    );

const SETTLING_S = 120;

/** A number goes to acme by purchase, to umbrella by import, or to adopter by adoption. */
const bring = async (world: World, way: Way, tokens: Readonly<Record<string, string>>) => {
  const { app } = world;
  switch (way) {
    case "purchase":
      return await app.request("POST", "/v1/phone-numbers", {
        token: world.token,
        body: { e164: ONE },
      });
    case "import":
      return await app.request("POST", "/v1/phone-numbers/import", {
        token: tokens["umbrella"] ?? "",
        body: { e164: ONE, sipConnectionInstallationId: SIP.id },
      });
    case "adoption":
      if (await world.orders.sale(ONE) === null) await world.order(ONE, NO_KEY);
      await app.advance(SETTLING_S);
      return await world.reconcile();
  }
};

// https://github.com/jambonz/jambonz-webapp/issues/568
for (const order of ordersOf(WAYS)) {
  test(`a number has one holder, who got it from the carrier: ${order.join(", ")}`, async () => {
    const world = await openWorld({ orphans: { kind: "adopt", into: "adopter" } });
    const tokens: Record<string, string> = { acme: world.token };
    for (const name of ["umbrella", "adopter"]) tokens[name] = await world.app.organization(name);
    const statuses: string[] = [];
    for (const way of order) {
      const { status } = await bring(world, way, tokens);
      assert.ok(status < 500, `${way}: ${status}`);
      if (status >= 400) assert.ok(status === 404 || status === 409, `${way}: ${status}`);
      statuses.push(`${way} ${status}`);
    }
    const holders: string[] = [];
    for (const [name, token] of Object.entries(tokens)) {
      const { json } = await world.app.request("GET", "/v1/phone-numbers", { token });
      for (const each of json) holders.push(`${name} ${each.source}`);
    }
    const first = order.find((way) => way !== "import");
    const holder = first === "purchase" ? "acme managed" : "adopter managed";
    assert.deepEqual(holders, [holder], statuses.join(", "));
    await world.app.close();
  });
}

/** The status and routing of a number that the organization holds. */
const listed = async ({ app, token }: World) =>
  (await app.request("GET", "/v1/phone-numbers", { token })).json;

for (const order of ordersOf(WAYS)) {
  test(`an organization has a number once, in its first way: ${order.join(", ")}`, async () => {
    const world = await openWorld({ orphans: { kind: "adopt", into: "acme" } });
    const [first] = order;
    for (const way of order) {
      const before = await listed(world);
      const { status, json } = await bring(world, way, { umbrella: world.token });
      if (before.length === 0 || way === "adoption") continue;
      // The carrier does not sell what it keeps for us; the buyer's own number is checked first.
      assert.equal(status, 409, `${way}: ${JSON.stringify(json)}`);
      assert.deepEqual([json.code, json.phoneNumberId], ["NUMBER_ALREADY_YOURS", before[0].id]);
      assert.deepEqual(await listed(world), before);
    }
    const [held, ...others] = await listed(world);
    assert.deepEqual(others, []);
    // An adoption is backed by the carrier, so it ends anyone's import.
    const isManaged = first !== "import" || order.includes("adoption");
    assert.equal(held.source, isManaged ? "managed" : "sip_trunk");
    await world.app.close();
  });
}

test("no call buys a number over the organization's own DID that an agent has", async () => {
  const world = await openWorld();
  const { app, token } = world;
  const send = (method: string, path: string, body?: unknown) =>
    app.request(method, path, { token, body });
  const dids = `/api/v1/sip-trunks/${SIP.id}/dids`;
  const made = await send("POST", dids, { country_code: "US", number: "(415) 555-0101" });
  assert.equal(made.status, 201, JSON.stringify(made.json));
  const { id } = made.json.data;
  const calling = { direction: "both", phone_number_ids: [id] };
  assert.equal((await send("PUT", "/api/v1/agents/agent/calling", calling)).status, 200);
  const before = await listed(world);
  for (
    const [path, body] of [
      ["/v1/phone-numbers", { e164: ONE }],
      ["/api/phone-numbers/purchase", { phoneNumber: ONE, teamId: "acme" }],
    ] as const
  ) {
    const { status, json } = await send("POST", path, body);
    assert.deepEqual(
      [status, json.code, json.phoneNumberId],
      [409, "NUMBER_ALREADY_YOURS", id],
      path,
    );
  }
  const caller = { organization: "acme", actor: { kind: "operator" } } as const;
  const bought = await app.ledger.purchase(caller, { e164: ONE });
  assert.ok(!bought.ok && bought.error.code === "NUMBER_ALREADY_YOURS");
  assert.equal((await send("DELETE", `${dids}/${id}`)).json.code, "DID_IN_USE");
  assert.deepEqual(await listed(world), before);
  await app.close();
});

// https://github.com/RestComm/Restcomm-Connect/issues/884
test("a number that is imported in another spelling is refused, or the same claim", async () => {
  const { app, token } = await openWorld();
  const other = await app.organization("umbrella");
  const bringIn = (of: string, e164: string) =>
    app.request("POST", "/v1/phone-numbers/import", {
      token: of,
      body: { e164, sipConnectionInstallationId: SIP.id },
    });
  const national = "(415) 555-0101";
  const writings = [
    "0014155550101",
    "+1 415 555 0101",
    "+1-415-555-0101",
    `+1 ${national}`,
    "01114155550101",
    "tel:+14155550101",
    "+１４１５５５５０１０１",
    "‪+14155550101‬",
    "+1−415−555−0101",
    " +14155550101 ",
    "14155550101",
    national,
  ];
  assert.equal((await bringIn(token, ONE)).status, 200);
  for (const writing of writings) {
    for (const  of of[token, other]) {
      const { status, json } = await bringIn(of, writing);
      assert.ok(status === 400 || status === 409, `${writing}: ${status} ${JSON.stringify(json)}`);
    }
  }
  const { json } = await app.request("GET", "/v1/phone-numbers", { token: other });
  assert.deepEqual(json, []);
  await app.close();
});
