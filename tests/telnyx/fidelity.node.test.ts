/**
 * How faithful the emulator is: Telnyx's client drives it over a socket and understands every
 * answer. (At compile time `tests/harness/emulators/telnyx/shapes.ts` is checked against the
 * client's types.)
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import Telnyx from "telnyx";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openTelnyx, type Telnyx as Emulator } from "../harness/emulators/telnyx/mod.ts";
import { serveTelnyx } from "../support/telnyx-server.ts";

type Subject = {
  readonly emulator: Emulator;
  readonly client: Telnyx;
  readonly close: () => Promise<void>;
};

/** By the machine's time, since the client holds a webhook's time against that. */
const open = async (): Promise<Subject> => {
  const emulator = await openTelnyx({ clock: openTestClock(Date.now()) });
  const { baseUrl, close } = await serveTelnyx(emulator);
  const { apiKey, webhooks: { publicKey } } = emulator;
  return { emulator, client: new Telnyx({ apiKey, publicKey, baseURL: baseUrl }), close };
};

const search = async ({ client }: Subject, limit: number): Promise<readonly string[]> => {
  const { data = [] } = await client.availablePhoneNumbers.list({
    filter: {
      country_code: "US",
      national_destination_code: "415",
      phone_number_type: "local",
      features: ["voice", "sms"],
      limit,
    },
  });
  return data.map(({ phone_number }) => phone_number ?? "");
};

const order = async ({ client }: Subject, numbers: readonly string[], reference: string) => {
  const { data } = await client.numberOrders.create({
    phone_numbers: numbers.map((phone_number) => ({ phone_number })),
    customer_reference: reference,
  });
  assert.ok(data?.id !== undefined);
  return { ...data, id: data.id };
};

describe("the emulator, driven by Telnyx's client", () => {
  let subject: Subject;
  before(async () => void (subject = await open()));
  after(() => subject.close());

  test("shows numbers with their prices, features and regions", async () => {
    const { data, meta } = await subject.client.availablePhoneNumbers.list({
      filter: { country_code: "US", phone_number_type: "toll_free", limit: 3 },
    });
    assert.equal(meta?.total_results, 3);
    for (const { phone_number, cost_information, features, region_information } of data ?? []) {
      assert.match(phone_number ?? "", /^\+18\d{9}$/);
      assert.match(cost_information?.monthly_cost ?? "", /^\d+\.\d{2,6}$/);
      assert.equal(cost_information?.currency, "USD");
      assert.ok(features?.some(({ name }) => name === "voice"));
      assert.equal(region_information?.[0]?.region_type, "country_code");
    }
  });

  test("finds exactly one number by its pattern", async () => {
    const [e164 = ""] = await search(subject, 1);
    const { data } = await subject.client.availablePhoneNumbers.list({
      filter: { country_code: "US", phone_number: { starts_with: e164.slice(2) } },
    });
    assert.deepEqual(data?.map(({ phone_number }) => phone_number), [e164]);
  });

  test("takes an order, settles it, and finds it by its reference", async () => {
    const { client, emulator } = subject;
    const taken = await order(subject, await search(subject, 1), "od_settled");
    assert.equal(taken.status, "pending");
    await emulator.advance(1_000);
    const { data: retrieved } = await client.numberOrders.retrieve(taken.id);
    assert.deepEqual([retrieved?.status, retrieved?.customer_reference], ["success", "od_settled"]);
    const ids: (string | undefined)[] = [];
    const filter = { customer_reference: "od_settled" };
    for await (const { id } of client.numberOrders.list({ filter })) ids.push(id);
    assert.deepEqual(ids, [taken.id]);
  });

  test("lists every number once, page by page", async () => {
    const { client, emulator } = subject;
    const numbers = await search(subject, 7);
    await order(subject, numbers, "od_pages");
    await emulator.advance(1_000);
    const listed: string[] = [];
    const query = { filter: { customer_reference: "od_pages" }, "page[size]": 3 } as const;
    for await (const { phone_number } of client.phoneNumbers.list(query)) {
      listed.push(phone_number);
    }
    assert.deepEqual(listed.toSorted(), numbers.toSorted());
  });

  test("retrieves, changes and deletes a number", async () => {
    const { client, emulator } = subject;
    await order(subject, await search(subject, 1), "od_life");
    const { phoneNumbers } = client;
    const [found] = (await phoneNumbers.list({ filter: { customer_reference: "od_life" } })).data;
    assert.equal(found?.status, "purchase-pending");
    await emulator.advance(1_000);
    assert.equal((await phoneNumbers.retrieve(found.id)).data?.status, "active");
    const changed = await phoneNumbers.update(found.id, { connection_id: "1494404757140276705" });
    assert.equal(changed.data?.connection_id, "1494404757140276705");
    const deleted = await phoneNumbers.delete(found.id);
    assert.deepEqual([deleted.data?.id, deleted.data?.status], [found.id, "deleted"]);
    await assert.rejects(phoneNumbers.retrieve(found.id), Telnyx.NotFoundError);
  });
});

describe("the emulator's failures, met by Telnyx's client", () => {
  let subject: Subject;
  before(async () => void (subject = await open()));
  after(() => subject.close());

  test("are the client's errors", async () => {
    const { client, emulator } = subject;
    const stranger = client.withOptions({ apiKey: "KEY_of_a_stranger" });
    await assert.rejects(stranger.phoneNumbers.list(), Telnyx.AuthenticationError);
    const unseen = order(subject, ["+14152220001"], "od_unseen");
    await assert.rejects(unseen, Telnyx.UnprocessableEntityError);
    const once = client.withOptions({ maxRetries: 0 });
    const throttled = { kind: "tooManyRequests", resetSeconds: 3 } as const;
    emulator.fail("listNumbers", throttled, { times: 1 });
    await assert.rejects(once.phoneNumbers.list(), (error) => {
      assert.ok(error instanceof Telnyx.RateLimitError);
      assert.equal(error.headers.get("x-ratelimit-reset"), "3");
      return true;
    });
    emulator.fail("listNumbers", { kind: "serverError", carriedOut: false }, { times: 1 });
    await assert.rejects(once.phoneNumbers.list(), Telnyx.InternalServerError);
    emulator.fail("listNumbers", { kind: "loseAnswer" }, { times: 1 });
    await assert.rejects(once.phoneNumbers.list(), Telnyx.APIConnectionError);
    emulator.fail("listNumbers", { kind: "cutAnswer" }, { times: 1 });
    await assert.rejects(once.phoneNumbers.list());
  });

  // Why we do not use it: what it reports of an order is not the order's outcome.
  test("make the client send an order again automatically, and deny one that was accepted", async () => {
    const { emulator } = subject;
    const numbers = await search(subject, 1);
    emulator.fail("order", { kind: "loseAnswer" }, { times: 1 });
    const before = emulator.requests("order");
    await assert.rejects(order(subject, numbers, "od_twice"), Telnyx.UnprocessableEntityError);
    assert.equal(emulator.requests("order") - before, 2);
    const taken = emulator.orders().filter(({ customerReference }) =>
      customerReference === "od_twice"
    );
    assert.deepEqual(taken.map((each) => each.numbers), [numbers]);
  });
});

describe("the emulator's requirements, met by Telnyx's client", () => {
  let subject: Subject;
  before(async () => void (subject = await open()));
  after(() => subject.close());

  test("lists what is required, and takes an order with a requirement group for it", async () => {
    const { client, emulator } = subject;
    const filter = { country_code: "CH", phone_number_type: "local", action: "ordering" } as const;
    const { data: required } = await client.requirements.list({ filter });
    assert.deepEqual(required.map(({ requirement_types: types }) => types?.length), [2]);
    const none = await client.requirements.list({ filter: { ...filter, country_code: "US" } });
    assert.deepEqual(none.data, []);
    const { data = [] } = await client.availablePhoneNumbers.list({
      filter: { country_code: "CH", limit: 1 },
    });
    const [{ phone_number = "" } = {}] = data;
    const group = emulator.group({ country: "CH", type: "local", status: "unapproved" });
    const numbers = [{ phone_number, requirement_group_id: group }];
    await assert.rejects(
      client.numberOrders.create({ phone_numbers: [{ phone_number }] }),
      Telnyx.UnprocessableEntityError,
    );
    const { data: taken } = await client.numberOrders.create({ phone_numbers: numbers });
    assert.equal(taken?.requirements_met, false);
    const [item] = taken?.phone_numbers ?? [];
    assert.equal(item?.requirements_status, "requirement-info-under-review");
    emulator.review(phone_number, "approved");
    await emulator.advance(1_000);
    const { data: after } = await client.numberOrders.retrieve(taken?.id ?? "");
    assert.deepEqual([after?.status, after?.requirements_met], ["success", true]);
  });
});

describe("the emulator's webhooks, checked by Telnyx's client", () => {
  let subject: Subject;
  before(async () => void (subject = await open()));
  after(() => subject.close());

  test("bear a signature that holds for their body alone", async () => {
    const { client, emulator } = subject;
    emulator.webhooks.to({
      url: "https://ledgerline.example/webhooks/telnyx",
      receive: () => Promise.resolve(new Response()),
    });
    const taken = await order(subject, await search(subject, 1), "od_told");
    await emulator.advance(1_000);
    const [sent] = emulator.webhooks.sent();
    assert.ok(sent !== undefined);
    const headers = { ...sent.headers };
    const event = await client.webhooks.unwrap(sent.body, { headers });
    const { data } = event as Telnyx.NumberOrderStatusUpdateWebhookEvent;
    assert.deepEqual(
      [data.event_type, data.payload.id, data.payload.status, data.payload.customer_reference],
      ["number_order.complete", taken.id, "success", "od_told"],
    );
    await assert.rejects(client.webhooks.unwrap(`${sent.body} `, { headers }));
    const stale = await emulator.webhooks.sign(sent.body, Date.now() - 301_000);
    await assert.rejects(client.webhooks.unwrap(sent.body, { headers: { ...stale } }));
  });
});
