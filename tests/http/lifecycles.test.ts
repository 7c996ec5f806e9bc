/** Complete lifecycles of numbers, each through the documented calls of one dialect alone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SIP } from "../support/app.ts";
import {
  TALKOVER_CALLING,
  TALKOVER_DIDS,
  TALKOVER_LIST,
  TALKOVER_NEW_DID,
  TALKTURO_LIST,
  TALKTURO_PURCHASE,
  TALKTURO_SEARCH,
} from "./seed-fields.ts";
import { misfits } from "./seed-fields-speko.ts";
import { type Talk, withTeam } from "./talk-support.ts";

/** Makes a call that must succeed; its answer must have the documented members. */
const done = async (
  call: Talk,
  line: string,
  { body, shape, status = 200 }: {
    readonly body?: unknown;
    readonly shape?: Parameters<typeof misfits>[1];
    readonly status?: number;
  } = {},
) => {
  const [method = "", path = ""] = line.split(" ");
  const answer = await call(method, path, body === undefined ? {} : { body });
  assert.equal(answer.status, status, `${line}: ${JSON.stringify(answer.json)}`);
  if (shape !== undefined) assert.deepEqual(misfits(answer.json, shape), [], line);
  return answer.json;
};

const DIDS = `/api/v1/sip-trunks/${SIP.id}/dids`;

/** A lifecycle from beginning to end, for a DID that ends by `end`. */
const didLives = async (call: Talk, end: (id: string) => Promise<void>): Promise<void> => {
  const body = { country_code: "DE", number: "030 901820" };
  const { data: did } = await done(call, `POST ${DIDS}`, {
    body,
    status: 201,
    shape: TALKOVER_NEW_DID,
  });
  const listed = async (query: string) =>
    (await done(call, `GET /api/v1/phone-numbers?${query}`, { shape: TALKOVER_LIST })).data;
  const trunk = await done(call, `GET ${DIDS}`, { shape: TALKOVER_DIDS });
  assert.deepEqual(trunk.data.map(({ id }: { id: string }) => id), [did.id]);
  const [found] = await listed("search=030%20901820&type=voice");
  assert.deepEqual([found.id, found.agents], [did.id, null]);

  const calling = (direction: string, ids: readonly string[] | undefined) =>
    done(call, "PUT /api/v1/agents/agent_1/calling", {
      body: { direction, ...(ids !== undefined && { phone_number_ids: ids }) },
      shape: TALKOVER_CALLING,
    });
  await calling("inbound", [did.id]);
  const [routed] = await listed("direction=inbound");
  assert.deepEqual(routed.agents, [{ id: "agent_1", name: null }]);
  await calling("outbound", undefined);
  assert.deepEqual(await listed("direction=inbound"), []);
  assert.equal((await listed("direction=outbound")).length, 1);

  // A number that an agent uses cannot be released.
  const reason = { reason: "The branch office has closed." };
  const release = `POST /api/v1/phone-numbers/${did.id}/request-release`;
  const inUse = await done(call, release, { body: reason, status: 422 });
  assert.equal(inUse.code, "PHONE_NUMBER_IN_USE");
  const kept = await done(call, `DELETE ${DIDS}/${did.id}`, { status: 409 });
  assert.equal(kept.code, "DID_IN_USE");

  await calling("outbound", []);
  const [unrouted] = await listed("search=901820");
  assert.equal(unrouted.agents, null);
  await end(did.id);
  assert.deepEqual(await listed(""), []);
  assert.deepEqual((await done(call, `GET ${DIDS}`)).data, []);
  // The number's next holder starts afresh.
  await done(call, `POST ${DIDS}`, { body, status: 201 });
};

test("a number's lifecycle through Talkover's calls, and its environment deletes it", () =>
  withTeam(({ call }) =>
    didLives(call, async (id) => {
      const deleted = await done(call, `DELETE ${DIDS}/${id}`);
      assert.deepEqual(deleted, { success: true, message: "DID deleted" });
    })
  ));

test("a number's lifecycle through Talkover's calls, and the operator grants its release", () =>
  withTeam(({ app, call }) =>
    didLives(call, async (id) => {
      const body = { reason: "The branch office has closed." };
      const path = `POST /api/v1/phone-numbers/${id}/request-release`;
      const first = (await done(call, path, { body, status: 201 })).data;
      await done(call, `DELETE /api/v1/phone-numbers/release-requests/${first.id}`);
      const second = (await done(call, path, { body, status: 201 })).data;
      // The operator finds in a list what to decide.
      const { releaseRequests } = await app.admin("GET", "/admin/release-requests?status=pending");
      assert.deepEqual(releaseRequests.map((row: { id: string }) => row.id), [second.id]);
      await app.admin("POST", `/admin/release-requests/${releaseRequests[0].id}/approve`);
      const { data } = await done(call, "GET /api/v1/phone-numbers/release-requests");
      assert.deepEqual(data.map(({ status }: { status: string }) => status), [
        "approved",
        "cancelled",
      ]);
    })
  ));

test("a number's lifecycle through Talkturo's calls, from the search to its release", () =>
  withTeam(async ({ call }) => {
    const filters = { countryCode: "US", areaCode: "415", limit: 5 };
    const { numbers } = await done(call, "POST /api/phone-numbers/search", {
      body: { filters },
      shape: TALKTURO_SEARCH,
    });
    const wanted = numbers[0].phoneNumber;
    const { phoneNumber } = await done(call, "POST /api/phone-numbers/purchase", {
      body: { phoneNumber: wanted, teamId: "team_1" },
      shape: TALKTURO_PURCHASE,
    });
    assert.deepEqual([phoneNumber.phone_number, phoneNumber.status], [wanted, "active"]);
    const list = async () =>
      (await done(call, "GET /api/phone-numbers/purchase?teamId=team_1", { shape: TALKTURO_LIST }))
        .numbers;
    const [listed] = await list();
    assert.deepEqual([listed.id, listed.assistant_id], [phoneNumber.id, null]);

    const assistant = "/api/assistants/assistant_1/telephony/phone-numbers";
    const assign = (ids: readonly string[]) =>
      done(call, `PATCH ${assistant}`, { body: { phoneNumberIds: ids } });
    await assign([phoneNumber.id]);
    assert.equal((await list())[0].assistant_id, "assistant_1");
    const { numbers: assigned } = await done(call, `GET ${assistant}`);
    assert.deepEqual(assigned, await list());
    await assign([]);
    assert.deepEqual((await done(call, `GET ${assistant}`)).numbers, []);

    const released = await done(call, `DELETE /api/phone-numbers/${phoneNumber.id}`);
    assert.deepEqual(released, { success: true, message: "Phone number released" });
    assert.deepEqual(await list(), []);
    await done(call, `GET /api/phone-numbers/${phoneNumber.id}`, { status: 404 });
    // It can be bought again, as a new holding.
    const again = await done(call, "POST /api/phone-numbers/purchase", {
      body: { phoneNumber: wanted, teamId: "team_1" },
    });
    assert.notEqual(again.phoneNumber.id, phoneNumber.id);
  }));
