/** The feed in the envelope of CloudEvents 1.0, by the judgement of the CNCF's own SDK. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CloudEvent } from "cloudevents";
import { PUBLISHED_NAMES } from "../../core/published/types.ts";
import { CURSOR, EXAMPLES } from "../../http/events/examples.ts";
import { enveloped } from "../../http/events/envelope.ts";
import type { FeedEvent } from "../../adapters/ledger/api/mod.ts";
import { openTestApp, type TestApp } from "../support/app.ts";
import { parsed, reading } from "../support/event-streams.ts";
import { bought, expected } from "./ledger-support.ts";
import { type Talk, userOf } from "./talk-support.ts";

const PATH = "/ledger/events";

type Enveloped = Readonly<Record<string, unknown>>;

/** Asserts that the SDK takes an event, and reads what the plain form has. */
const assertSame = (event: Enveloped, plain: FeedEvent): void => {
  // The constructor validates strictly, extensions too.
  const read = new CloudEvent<unknown>({ ...event });
  assert.ok(read.validate());
  assert.deepEqual(
    [read.id, read.type, read.subject, read.data, read["organization"], read["cursor"]],
    [plain.id, plain.type, plain.subject, plain.data, plain.organization, plain.cursor],
  );
  assert.equal(Date.parse(read.time ?? ""), Date.parse(plain.at));
  assert.equal(event["time"], plain.at);
  assert.equal(read.source, `/organizations/${encodeURIComponent(plain.organization)}`);
  assert.equal(read.datacontenttype, "application/json");
};

let app: TestApp;
let token = "";
let call: Talk;

before(async () => {
  app = openTestApp();
  token = await app.organization("acme");
  call = userOf(app, token);
  await bought(call, "+14155550101");
});
after(() => app.close());

describe("an event in the envelope of CloudEvents", { timeout: 300_000 }, () => {
  for (const type of PUBLISHED_NAMES) {
    test(`is valid and says the same: ${type}`, () => {
      const plain = { ...EXAMPLES[type], cursor: CURSOR } as FeedEvent;
      assertSame(enveloped(plain, "cloudevents") as Enveloped, plain);
    });
  }

  test("is refused by the judge where it lacks a member, or an extension has another form", () => {
    const plain = { ...EXAMPLES["number.renewed"], cursor: CURSOR } as FeedEvent;
    const event = enveloped(plain, "cloudevents");
    assert.throws(() => new CloudEvent({ ...event, source: "" }));
    assert.throws(() => new CloudEvent({ ...event, the_cursor: "x" }));
  });

  test("has a source that is a reference, whatever the organization is called", () => {
    const plain = {
      ...EXAMPLES["number.renewed"],
      organization: "a b/ü\ud800",
      cursor: CURSOR,
    } as FeedEvent;
    const { source } = enveloped(plain, "cloudevents") as { readonly source: string };
    assert.equal(source, "/organizations/a%20b%2F%C3%BC%EF%BF%BD");
  });
});

describe("the feed with envelope=cloudevents", { timeout: 300_000 }, () => {
  test("has in its pages the events of the plain one, with the same next", async () => {
    const plain = expected(await call("GET", PATH), 200);
    const { events, next } = expected(await call("GET", `${PATH}?envelope=cloudevents`), 200);
    assert.equal(next, plain.next);
    assert.equal(events.length, plain.events.length);
    for (const [place, event] of events.entries()) assertSame(event, plain.events[place]);
    assert.deepEqual(expected(await call("GET", `${PATH}?envelope=plain`), 200), plain);
  });

  test("streams them, with the cursor as the id, beside a stream of the plain ones", async () => {
    const { events } = expected(await call("GET", PATH), 200);
    const headers = { authorization: `Bearer ${token}`, accept: "text/event-stream" };
    const eventsOf = async (query: string): Promise<ReturnType<typeof parsed>> => {
      const url = `http://localhost${PATH}?${query}`;
      const read = reading(await app.fetch(new Request(url, { headers })));
      const last = `id: ${events.at(-1).cursor}\n`;
      const text = await read.until((text) => text.includes(last) && text.endsWith("\n\n"));
      await read.leave();
      return parsed(text);
    };
    const [wrapped, plain] = await Promise.all([eventsOf("envelope=cloudevents"), eventsOf("")]);
    assert.deepEqual(plain.map(({ data }) => data), events);
    assert.equal(wrapped.length, events.length);
    for (const [place, { id, data }] of wrapped.entries()) {
      assert.equal(id, events[place].cursor);
      assertSame(data, events[place]);
    }
  });
});
