import assert from "node:assert/strict";
import { after, test } from "node:test";
import { encodeEvent } from "../../http/ledger/encode.ts";
import golden from "../domain/golden-events.json" with { type: "json" };
import rows from "../domain/golden-rows.json" with { type: "json" };
import { openTestApp } from "../support/app.ts";
import { buy, spekoCall } from "./speko-support.ts";

const app = openTestApp({ at: "2026-03-01T12:00:00Z" });
const token = await app.organization("acme");
const stranger = await app.organization("other");
const speko = spekoCall(app, token);
after(() => app.close());

const HOUR_S = 3600;

const numbers = async (query = "", as = token) => {
  const { status, json } = await app.request("GET", `/ledger/numbers${query}`, { token: as });
  assert.equal(status, 200, JSON.stringify(json));
  return json.numbers;
};

const [offer] = (await speko("GET", "/available?areaCode=415&limit=1")).json;
const { id } = await buy(speko, offer.e164, { label: "Front desk", agentId: "as_1" });
await app.advance(HOUR_S);
await speko("DELETE", `/${id}`);
await app.ledger.work.run();

test("GET /ledger/numbers lists a number as it was when asked as of a time", async () => {
  assert.deepEqual(await numbers(), []);
  const [number, ...more] = await numbers("?asOf=2026-03-01T12:30:00Z");
  assert.deepEqual(more, []);
  assert.deepEqual(number, {
    id,
    e164: offer.e164,
    source: "managed",
    carrier: "sandbox",
    status: "active",
    issues: [],
    waitsFor: null,
    direction: "outbound",
    label: "Front desk",
    assistant: { id: "as_1", name: null },
    monthlyUsd: offer.monthlyCostUsd.toFixed(2),
    autoRenewal: true,
    trialEndsAt: null,
    renewsAt: "2026-04-01T12:00:00Z",
    suspendedAt: null,
    failure: null,
    createdAt: "2026-03-01T12:00:00Z",
    updatedAt: "2026-03-01T12:00:00Z",
  });
  assert.deepEqual(await numbers("?asOf=2026-03-01"), []);
  assert.deepEqual(await numbers("?asOf=2026-03-01T12:30:00Z", stranger), []);
});

test("GET /ledger/numbers takes an offset, also with a plus that became a space", async () => {
  for (const time of ["2026-03-01T13:30:00%2B01:00", "2026-03-01T13:30:00+01:00"]) {
    assert.equal((await numbers(`?asOf=${time}`)).length, 1, time);
  }
});

test("GET /ledger/numbers answers 400 when asOf is not a time, and takes the last when repeated", async () => {
  for (const time of ["", "yesterday", "2026-13-01", "1772366400000", "2026-03-01T12:00:00"]) {
    const answer = await app.request("GET", `/ledger/numbers?asOf=${time}`, { token });
    assert.equal(answer.status, 400, time);
    assert.deepEqual(Object.keys(answer.json.errors), ["asOf"]);
  }
  assert.equal((await numbers("?asOf=never&asOf=2026-03-01T12:30:00Z")).length, 1);
});

test("GET /ledger/numbers/{id}/history shows every event long after the number was released", async () => {
  const path = `/ledger/numbers/${id}/history`;
  const { status, json } = await app.request("GET", path, { token });
  assert.equal(status, 200);
  const types = json.events.map(({ type }: { readonly type: string }) => type);
  assert.equal(types[0], "PurchaseRequested");
  assert.equal(types.at(-1), "Released");
  for (const event of json.events) {
    assert.deepEqual(
      Object.keys(event),
      ["position", "type", "version", "at", "actor", "data", "hash"],
    );
    assert.match(event.at, /^2026-03-01T1[23]:00:00Z$/);
  }
  const answer = await app.request("GET", path, { token: stranger });
  assert.deepEqual([answer.status, answer.json.code], [404, "NUMBER_UNKNOWN"]);
});

/** The reason that a tenant is shown for a failed purchase. */
const WORDS: Readonly<Record<string, string>> = {
  notAvailable: "The carrier does not offer the phone number.",
  refused: "The carrier could not carry out the order.",
  cancelled: "The purchase was cancelled.",
  requirementsMissing:
    "Documents that the carrier requires are missing, or it did not accept them.",
};

/** What the operator attached or filed at the carrier is not the tenant's to read. */
const hiddenOf = (type: string, data: object): object => {
  if (type === "NumberPriced") return { carrierMonthly: null };
  if (type === "RouteNoted") return { connection: null, messagingProfile: null };
  return type === "PurchaseRequested" && "requirementGroup" in data
    ? { requirementGroup: null }
    : {};
};

test("a history has each event's data as the log holds it, but for its salt, as of its version", () => {
  const further = Object.entries(golden).flatMap(([type, events]) =>
    events.map((event) => ({ type, ...event }))
  );
  for (const { type, version, data } of [...further, ...rows.history]) {
    const at = Date.UTC(2026, 2, 1);
    const actor = { kind: "operator" } as const;
    const place = { organization: "acme", position: 1, at, actor, command: null, hash: "" };
    const encoded = encodeEvent({ type, version, data, ...place });
    assert.deepEqual([encoded.type, encoded.version], [type, version]);
    const { salt: _, ...shown } = data as { readonly salt?: string };
    if (type !== "PurchaseFailed") {
      assert.deepEqual(encoded.data, { ...shown, ...hiddenOf(type, data) });
    } else {
      // Only the carrier's messages are replaced.
      const { reason } = data as { readonly reason: string };
      const message = WORDS[reason];
      assert.notEqual(message, undefined, reason);
      assert.deepEqual(encoded.data, { ...shown, message });
    }
  }
});

test("GET /ledger/numbers/{id}/history comes in pages, each of which says where the next begins", async () => {
  const path = `/ledger/numbers/${id}/history`;
  const whole = (await app.request("GET", path, { token })).json;
  assert.equal(whole.next, null);
  const events: unknown[] = [];
  let next: number | null = 0;
  while (next !== null) {
    const { json } = await app.request("GET", `${path}?limit=2&after=${next}`, { token });
    assert.ok(json.events.length <= 2);
    events.push(...json.events);
    next = json.next;
  }
  assert.deepEqual(events, whole.events);
  const beyond = await app.request("GET", `${path}?after=999999`, { token });
  assert.deepEqual([beyond.status, Object.keys(beyond.json.errors)], [400, ["after"]]);
  for (const query of ["limit=0", "limit=101", "after=-1", "after=x", "limit=1e2"]) {
    assert.equal((await app.request("GET", `${path}?${query}`, { token })).status, 400, query);
  }
});
