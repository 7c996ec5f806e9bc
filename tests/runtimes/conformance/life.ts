/** The life cycle of a number over HTTP, races for one, and slow orders. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Conversation, converse, STATUSES } from "./conversation.ts";
import { type Client } from "./target.ts";
import { eventually } from "../../support/eventually.ts";

// The sandbox's magic line whose order stays pending for 3 s.
const SLOW = "+12125550113";
const RIVALS = 8;

/** What was said; filled by the first test. */
export type Recording = { conversation?: Conversation };

const buy = ({ request }: Client, token: string, e164: string, key?: string) =>
  request("POST", "/v1/phone-numbers", {
    token,
    body: { e164 },
    ...(key !== undefined && { headers: { "idempotency-key": key } }),
  });

export const testLife = (client: () => Client, recording: Recording): void => {
  test("buys, assigns, renews, releases and remembers, in all dialects", async () => {
    const conversation = await converse(client());
    assert.equal(conversation.lines.map(([, status]) => status).join(" "), STATUSES);
    assert.match(JSON.stringify(conversation.lines), /"Renewed"/);
    recording.conversation = conversation;
  });

  test("buys once what is asked for twice with one key", async () => {
    const token = await client().organization("life-repeated");
    const first = await buy(client(), token, "+16175550101", "buy-1");
    const again = await buy(client(), token, "+16175550101", "buy-1");
    assert.deepEqual([first.status, again.status], [200, 200]);
    assert.equal(again.json.id, first.json.id);
    const other = await buy(client(), token, "+16175550102", "buy-1");
    assert.equal(other.status, 422);
    const { json } = await client().request("GET", "/v1/phone-numbers", { token });
    assert.equal(json.length, 1);
  });

  test("sells a number to one of many, and to no organization more than its plan allows", async () => {
    const rivals = await Promise.all(
      Array.from({ length: RIVALS }, (_, index) => client().organization(`life-rival-${index}`)),
    );
    const answers = await Promise.all(rivals.map((token) => buy(client(), token, "+13035550101")));
    const statuses = answers.map(({ status }) => status).toSorted();
    assert.deepEqual(statuses, [200, ...Array.from({ length: RIVALS - 1 }, () => 409)]);

    const free = await client().organization("life-free", "Free");
    const wishes = Array.from({ length: 5 }, (_, line) => `+1720555010${line + 1}`);
    const wished = await Promise.all(wishes.map((e164) => buy(client(), free, e164)));
    assert.equal(wished.filter(({ status }) => status === 200).length, 1);
    const { json } = await client().request("GET", "/v1/phone-numbers", { token: free });
    assert.equal(json.length, 1);
  });

  test("keeps the numbers of one organization from another", async () => {
    const [mine, theirs] = [
      await client().organization("life-mine"),
      await client().organization("life-theirs"),
    ];
    const { json: { id } } = await buy(client(), mine, "+12065550101");
    for (const path of [`/v1/phone-numbers/${id}`, `/ledger/numbers/${id}/history`]) {
      assert.equal((await client().request("GET", path, { token: mine })).status, 200);
      assert.equal((await client().request("GET", path, { token: theirs })).status, 404);
    }
  });

  test("automatically settles an order that its carrier takes long over", async () => {
    const token = await client().organization("life-slow");
    const { status, json } = await client().request("POST", "/api/phone-numbers/purchase", {
      token,
      body: { phoneNumber: SLOW, teamId: "life-slow" },
    });
    // A machine so busy that the carrier was done first would answer 200.
    assert.ok(status === 202 && json.phoneNumber.status === "purchasing" || status === 200);
    const list = () =>
      client().request("GET", "/api/phone-numbers/purchase?teamId=life-slow", { token });
    const settled = await eventually(
      list,
      (answer) => answer.json.numbers[0].status !== "purchasing",
    );
    assert.equal(settled.json.numbers[0].status, "active");
  });
};
