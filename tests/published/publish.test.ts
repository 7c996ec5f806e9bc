/** What leaves the ledger of each event: the right shape, always the same, and nothing personal. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import * as v from "valibot";
import { type DomainEvent, eventDefinitions, type Fact } from "../../core/events/vocabulary.ts";
import { holdingIn, isPublished, originIn, published } from "../../core/published/publish.ts";
import { PUBLISHED, PUBLISHED_NAMES } from "../../core/published/types.ts";
import { event as anyEvent } from "../harness/arbitraries/events.ts";
import { ALICE, instant } from "../harness/specification.ts";
import { runs } from "../support/runs.ts";
import golden from "../domain/golden-events.json" with { type: "json" };
import rows from "../domain/golden-rows.json" with { type: "json" };

const at = instant("2026-01-31T10:00:00Z");
const HASH = "5f".repeat(32);
const NUMBER = { e164: "+14155550101", world: "live" } as const;

const publish = (event: DomainEvent) => {
  const fact: Fact = { ...event, at, actor: ALICE };
  return published(fact, { organization: "acme", hash: HASH }, NUMBER);
};

/** Every kind of event that was ever stored in its newest version. */
const STORED: readonly DomainEvent[] = [
  ...rows.history,
  ...Object.entries(golden as Readonly<Record<string, readonly object[]>>)
    .flatMap(([type, stored]) => stored.map((each) => ({ type, ...each }))),
].filter(({ type, version }: { readonly type?: string; readonly version?: number }) =>
  eventDefinitions[type as DomainEvent["type"]].version === version
) as unknown as readonly DomainEvent[];

describe("a published event", () => {
  test("has the shape that its type says, whatever happened", () => {
    for (const event of STORED) {
      const said = publish(event);
      assert.equal(said === null, !isPublished(event.type), event.type);
      if (said === null) continue;
      v.assert(PUBLISHED[said.type].data, said.data);
      assert.equal(said.id, `ev_${HASH.slice(0, 32)}`);
      assert.match(said.subject, /^\/(?:ledger|admin)\/[a-z-]+/);
    }
  });

  test("comes of some event, for each type that there is", () => {
    const said = new Set(STORED.map((event) => publish(event)?.type));
    assert.deepEqual(PUBLISHED_NAMES.filter((name) => !said.has(name)), ["organization.closed"]);
    const closed = publish({ type: "PlanChanged", data: { plan: "ledgerline:closed" } });
    assert.equal(closed?.type, "organization.closed");
  });

  test("is the same each time, and has the shape of its type, of any event", () =>
    fc.assert(
      fc.property(anyEvent, (event) => {
        const said = publish(event);
        assert.deepEqual(publish(structuredClone(event)), said);
        // No id that the ledger takes is empty.
        if (said === null || JSON.stringify(event.data).includes('""')) return;
        v.assert(PUBLISHED[said.type].data, said.data);
      }),
      { numRuns: runs(500) },
    ));

  test("says which number it is about wherever it is about one", () => {
    for (const event of STORED) {
      const said = publish(event);
      const holding = holdingIn({ ...event, at, actor: ALICE });
      if (said === null || holding === null) continue;
      assert.deepEqual(
        [Reflect.get(said.data, "number"), Reflect.get(said.data, "e164")],
        [holding, NUMBER.e164],
        said.type,
      );
    }
  });
});

/** Members that hold what people wrote, who they are, or what only the operator may see. */
const HIDDEN = [
  "name",
  "email",
  "hash",
  "reason",
  "message",
  "label",
  "template",
  "businessProfile",
  "authorizedRepresentative",
  "carrierMonthly",
  "salt",
  "url",
];

/** The event with a mark in every text that may hold anything. */
const marked = (value: unknown, member = ""): unknown => {
  if (typeof value === "string") return HIDDEN.includes(member) ? `MARK ${value}` : value;
  if (Array.isArray(value)) return value.map((each) => marked(each, member));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      marked(each, HIDDEN.includes(member) ? member : name),
    ]),
  );
};

test("nothing that people wrote, and no name, address or token's hash, is published", () => {
  let marks = 0;
  for (const event of STORED) {
    const whole = marked(event) as DomainEvent;
    // A failure's reason is one of a few words.
    const kept = "reason" in event.data && event.type === "PurchaseFailed"
      ? { ...whole, data: { ...whole.data, reason: event.data.reason } } as DomainEvent
      : whole;
    if (JSON.stringify(kept).includes("MARK")) marks += 1;
    assert.equal(JSON.stringify(publish(kept)).includes("MARK"), false, event.type);
    assert.equal(JSON.stringify(publish(kept)).includes("alice@example.com"), false, event.type);
  }
  assert.ok(marks > 20, `only ${marks} events had anything to hide`);
});

test("the first event of a number says its world and which it is", () => {
  for (const event of STORED) {
    const origin = originIn({ ...event, at, actor: ALICE });
    if (origin === null) continue;
    const { e164, carrier } = event.data as { readonly e164: string; readonly carrier?: string };
    const isSandbox = Reflect.get(event.data, "world") === "sandbox" || carrier === "sandbox";
    assert.deepEqual(origin, { e164, world: isSandbox ? "sandbox" : "live" });
  }
  assert.equal(originIn({ type: "Reinstated", data: { holding: "pn_1" }, at, actor: ALICE }), null);
});
