import assert from "node:assert/strict";
import { test } from "node:test";
import type { SipConnection } from "../../core/organization/state.ts";
import { comesInOver, connectionsNamed } from "../../core/organization/trunks.ts";

const connection = (installation: string, trunk: string | null): SipConnection =>
  ({ installation, trunk, providerName: "Provider", ready: true }) as SipConnection;

const one = connection("sip_1", "trunk_1");
const two = connection("sip_2", "trunk_1");
const alike = connection("trunk_1", "sip_2");

test("an id names the connection that has it, before those on the trunk of that name", () => {
  assert.deepEqual(connectionsNamed([one, two], "sip_1"), [one]);
  assert.deepEqual(connectionsNamed([one, two], "trunk_1"), [one, two]);
  assert.deepEqual(connectionsNamed([one, two, alike], "trunk_1"), [alike]);
  assert.deepEqual(connectionsNamed([one, two], "sip_3"), []);
});

test("an import comes in over its installation, or where there is none over its trunk", () => {
  const over = (sipConnection: string | null, sipTrunk: string | null) =>
    comesInOver({ sipConnection, sipTrunk }, [one]);
  assert.equal(over("sip_1", null), true);
  assert.equal(over("sip_1", "trunk_9"), true);
  assert.equal(over("sip_2", "trunk_1"), false);
  assert.equal(over(null, "trunk_1"), true);
  assert.equal(over(null, "trunk_2"), false);
  assert.equal(comesInOver({ sipConnection: "sip_1", sipTrunk: null }, []), false);
});
