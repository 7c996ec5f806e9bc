/** The behaviour of the emulator of Telnyx, by plain requests: tests over it depend on it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Fault } from "../harness/emulators/telnyx/faults.ts";
import { openTelnyx, type TelnyxOptions } from "../harness/emulators/telnyx/mod.ts";
import { asker, type Json } from "./emulator-requests.ts";
import { until } from "../support/eventually.ts";

const asking = async (options?: TelnyxOptions) => {
  const telnyx = await openTelnyx(options);
  const ask = asker(telnyx);
  const search = async (limit = 1): Promise<readonly string[]> => {
    const filters = "filter[country_code]=US&filter[national_destination_code]=415";
    const { json } = await ask("GET", `/available_phone_numbers?${filters}&filter[limit]=${limit}`);
    return json["data"].map(({ phone_number }: Json) => phone_number);
  };
  const order = (numbers: readonly string[], customer_reference = "od_1") =>
    ask("POST", "/number_orders", {
      phone_numbers: numbers.map((phone_number) => ({ phone_number })),
      customer_reference,
    });
  const buy = async (customerReference?: string): Promise<Json> => {
    const bought = await order(await search(), customerReference);
    return bought.json["data"];
  };
  return { telnyx, ask, search, order, buy };
};

const codeOf = ({ status, json }: { readonly status: number; readonly json: Json }) =>
  `${status} ${json["errors"][0].code}`;

describe("the emulated carrier, selling", () => {
  test("sells a number that a search showed, and no longer shows it", async () => {
    const { telnyx, ask, search, order } = await asking();
    const [e164 = ""] = await search();
    const taken = await order([e164]);
    assert.deepEqual([taken.status, taken.json["data"].status], [200, "pending"]);
    assert.deepEqual(telnyx.charges(), []);
    await telnyx.advance(1_000);
    const { id } = taken.json["data"];
    assert.equal((await ask("GET", `/number_orders/${id}`)).json["data"].status, "success");
    assert.equal(telnyx.charges()[0]?.amount.micros, 2_000_000);
    assert.notEqual((await search())[0], e164);
  });

  test("finds exactly the number that is given in full, with or without its area code", async () => {
    const { ask } = await asking();
    const find = async (filters: string) => {
      const { json } = await ask("GET", `/available_phone_numbers?${filters}`);
      return json["data"].map(({ phone_number }: Json) => phone_number);
    };
    const american = "filter[country_code]=US&filter[phone_number]";
    const areaCode = "filter[national_destination_code]=415";
    const british = "filter[country_code]=GB&filter[phone_number]";
    assert.deepEqual(await find(`${american}[starts_with]=4155550123`), ["+14155550123"]);
    assert.deepEqual(await find(`${american}[ends_with]=5550123&${areaCode}`), ["+14155550123"]);
    assert.deepEqual(await find(`${british}[starts_with]=2079460123`), ["+442079460123"]);
  });

  test("refuses a number that no search showed recently, or that is taken", async () => {
    const { telnyx, search, order } = await asking({ orderableMs: 60_000 });
    assert.equal(codeOf(await order(["+14152220001"])), "422 10015");
    const numbers = await search(2);
    await order(numbers.slice(0, 1));
    assert.equal(codeOf(await order(numbers)), "422 10021");
    await telnyx.advance(60_001);
    assert.equal(codeOf(await order(numbers.slice(1))), "422 10015");
    assert.equal(telnyx.orders().length, 1);
  });

  test("makes two orders of one customer reference, and two charges", async () => {
    const { telnyx, ask, buy } = await asking({ orderMs: 0 });
    await buy("od_1");
    await buy("od_1");
    const { json } = await ask("GET", "/number_orders?filter[customer_reference]=od_1");
    assert.equal(json["data"].length, 2);
    assert.equal(telnyx.charges().length, 2);
    const none = await ask("GET", "/number_orders?filter[customer_reference]=od_2");
    assert.deepEqual(none.json["data"], []);
  });

  test("charges nothing and keeps nothing when an order ends in failure", async () => {
    const { telnyx, search, order } = await asking();
    const [e164 = ""] = await search();
    telnyx.refuse(e164);
    await order([e164]);
    assert.equal(telnyx.numbers().length, 1);
    await telnyx.advance(1_000);
    assert.deepEqual([telnyx.numbers(), telnyx.charges()], [[], []]);
    assert.equal(telnyx.orders()[0]?.status, "failure");
  });
});

describe("the emulated carrier, keeping", () => {
  test("gives pages of the account's numbers, the latest first", async () => {
    const { ask, search, order } = await asking({ orderMs: 0 });
    const numbers = await search(5);
    await order(numbers);
    const page = (number: number) =>
      ask("GET", `/phone_numbers?page[number]=${number}&page[size]=2`);
    const pages = [(await page(1)).json, (await page(2)).json, (await page(3)).json];
    const shown = pages.flatMap(({ data }) => data.map(({ phone_number }: Json) => phone_number));
    assert.deepEqual(shown, numbers.toReversed());
    assert.deepEqual(pages[2]?.["meta"], {
      page_number: 3,
      page_size: 2,
      total_pages: 3,
      total_results: 5,
    });
  });

  test("finds a number by its digits, and none when there are other characters", async () => {
    const { ask, search, order } = await asking({ orderMs: 0 });
    const [e164 = ""] = await search();
    await order([e164]);
    const find = async (text: string) =>
      (await ask("GET", `/phone_numbers?filter[phone_number]=${text}`)).json["data"].length;
    assert.equal(await find(e164.slice(1)), 1);
    assert.equal(await find(encodeURIComponent(e164)), 0);
    assert.equal(codeOf(await ask("GET", "/phone_numbers?filter[number]=1")), "400 10015");
  });

  test("changes a number's connection, and deletes it once it is there", async () => {
    const { telnyx, ask, buy } = await asking();
    await buy();
    const [{ id } = { id: "" }] = telnyx.numbers();
    assert.equal(codeOf(await ask("DELETE", `/phone_numbers/${id}`)), "422 10021");
    await telnyx.advance(1_000);
    const changed = await ask("PATCH", `/phone_numbers/${id}`, { connection_id: "1494" });
    assert.equal(changed.json["data"].connection_id, "1494");
    const deleted = await ask("DELETE", `/phone_numbers/${id}`);
    assert.equal(deleted.json["data"].status, "deleted");
    assert.equal(codeOf(await ask("GET", `/phone_numbers/${id}`)), "404 10005");
    assert.equal(codeOf(await ask("DELETE", `/phone_numbers/${id}`)), "404 10005");
  });

  test("does not list a new order and its numbers for as long as it was configured", async () => {
    const { telnyx, ask, buy } = await asking({ orderMs: 0, hiddenMs: 5_000 });
    await buy();
    const listed = async () => [
      (await ask("GET", "/number_orders")).json["data"].length,
      (await ask("GET", "/phone_numbers")).json["data"].length,
    ];
    assert.deepEqual(await listed(), [0, 0]);
    await telnyx.advance(5_000);
    assert.deepEqual(await listed(), [1, 1]);
  });

  test("answers 10009 without the key and 10005 where nothing is", async () => {
    const { telnyx, ask } = await asking();
    const response = await telnyx.fetch(`${telnyx.baseUrl}/phone_numbers`);
    assert.equal(codeOf({ status: response.status, json: await response.json() }), "401 10009");
    assert.equal(codeOf(await ask("GET", "/balance")), "404 10005");
  });
});

describe("a fault of the emulated carrier", () => {
  const BREAKS: readonly (readonly [Fault["kind"], orders: number])[] = [
    ["refuseConnection", 0],
    ["loseRequest", 0],
    ["loseAnswer", 1],
    ["cutAnswer", 1],
    ["malformedAnswer", 1],
  ];
  for (const [kind, orders] of BREAKS) {
    test(`leaves ${orders} orders behind and no answer when it is ${kind}`, async () => {
      const { telnyx, search, order } = await asking();
      const numbers = await search();
      telnyx.fail("order", { kind } as Fault, { times: 1 });
      await assert.rejects(order(numbers));
      assert.equal(telnyx.orders().length, orders);
      assert.deepEqual([...telnyx.faults()], [[kind, 1]]);
      assert.equal((await order(numbers)).status, orders === 0 ? 200 : 422);
    });
  }

  test("says when to retry when it is tooManyRequests", async () => {
    const { telnyx, ask } = await asking();
    telnyx.fail("any", { kind: "tooManyRequests", resetSeconds: 7 });
    const answer = await ask("GET", "/phone_numbers");
    assert.equal(codeOf(answer), "429 10011");
    assert.equal(answer.headers.get("x-ratelimit-reset"), "7");
    telnyx.heal();
    assert.equal((await ask("GET", "/phone_numbers")).status, 200);
  });

  test("carries the request out after its caller stopped waiting when it is a delay", async () => {
    const { telnyx, search } = await asking();
    const [phone_number] = await search();
    telnyx.fail("order", { kind: "delay", ms: 30 });
    const giveUp = AbortSignal.timeout(10);
    await assert.rejects(telnyx.fetch(`${telnyx.baseUrl}/number_orders`, {
      method: "POST",
      headers: { authorization: `Bearer ${telnyx.apiKey}` },
      body: JSON.stringify({ phone_numbers: [{ phone_number }] }),
      signal: giveUp,
    }));
    assert.equal(telnyx.orders().length, 0);
    await until(() => telnyx.orders().length === 1);
  });

  test("hits the same requests again when the seed is the same", async () => {
    const draw = async (seed: number): Promise<string> => {
      const { telnyx, ask } = await asking({ seed });
      const fault = { kind: "serverError", carriedOut: false } as const;
      telnyx.fail("listNumbers", fault, { probability: 0.5 });
      const statuses: number[] = [];
      for (let asked = 0; asked < 20; asked++) {
        statuses.push((await ask("GET", "/phone_numbers")).status);
      }
      return statuses.join(" ");
    };
    assert.equal(await draw(7), await draw(7));
    assert.notEqual(await draw(7), await draw(8));
  });
});
