/** What a carrier requires before it sells, where it says so. */
import assert from "node:assert/strict";
import type { Offer } from "../../../../core/ports/mod.ts";
import { skip, type Test } from "../../runner.ts";
import { type CarrierSubject, newKey, settled, valueOf } from "../carrier-support.ts";

type Documents = NonNullable<CarrierSubject["documents"]>;

/** Where the carrier requires documents; skips the test where it never does. */
const documentsOf = ({ documents }: CarrierSubject): Documents =>
  documents ?? skip("the carrier requires no documents: the subject has no `documents`");

/** What the carrier requires for these; nothing where it does not say. */
const requiredOf = async (
  { carrier }: CarrierSubject,
  { country, type }: Pick<Offer, "country" | "type">,
) =>
  carrier.requirements === undefined ? [] : valueOf(await carrier.requirements({ country, type }));

/** A number that the carrier sells only to customers whose documents it has. */
const regulated = async ({ carrier }: CarrierSubject, { filters }: Documents): Promise<Offer> => {
  const [offer] = valueOf(await carrier.search({ ...filters, limit: 1 }));
  assert.ok(
    offer !== undefined,
    "the carrier has nothing left to offer where it requires documents",
  );
  return offer;
};

/** Asserts that an order failed, and that the number can still be bought. */
const refusedFor = async (subject: CarrierSubject, offer: Offer, group: string | undefined) => {
  const { carrier } = subject;
  const { e164 } = offer;
  const key = newKey();
  const answer = await carrier.order({
    key,
    e164,
    connectionId: null,
    ...(group !== undefined && { requirementGroupId: group }),
  });
  const order = valueOf(answer);
  assert.ok(order.status === "failed", `expected a failed order, not ${order.status}`);
  assert.equal(order.reason, "requirementsMissing");
  assert.notEqual(order.message, "");
  assert.equal(valueOf(await carrier.findNumber(e164)), null);
  assert.equal(valueOf(await carrier.quote(e164))?.e164, e164);
};

/**
 * A carrier says what it requires by country and type, and enforces that for orders; one that never
 * requires anything leaves `documents` out.
 */
export const requiring = (test: Test, subject: () => CarrierSubject): void => {
  test("requirements are empty where numbers are sold without documents", async () => {
    if (subject().carrier.requirements === undefined) skip("the carrier has no `requirements`");
    assert.deepEqual(await requiredOf(subject(), subject().filters), []);
  });

  test("requirements have ids of their own, and names, where documents are required", async () => {
    const documents = documentsOf(subject());
    const required = await requiredOf(subject(), documents.filters);
    assert.ok(required.length > 0, "the carrier does not say what it requires");
    assert.equal(new Set(required.map(({ id }) => id)).size, required.length);
    for (const { id, name } of required) assert.ok(id !== "" && name !== "");
  });

  test("order is refused for its documents when none are sent with it", async () => {
    const documents = documentsOf(subject());
    await refusedFor(subject(), await regulated(subject(), documents), undefined);
  });

  test("order is refused for its documents when the carrier does not accept them", async () => {
    const documents = documentsOf(subject());
    await refusedFor(subject(), await regulated(subject(), documents), documents.declined);
  });

  test("order is confirmed when the documents that it needs are sent with it", async () => {
    const { carrier } = subject();
    const documents = documentsOf(subject());
    const { e164 } = await regulated(subject(), documents);
    const key = newKey();
    const request = { key, e164, connectionId: null, requirementGroupId: documents.accepted };
    valueOf(await carrier.order(request));
    const order = await settled(subject(), key);
    assert.ok(order.status === "confirmed", `expected a confirmed order, not ${order.status}`);
    assert.equal(valueOf(await carrier.findNumber(e164))?.orderKey, key);
    assert.equal(valueOf(await carrier.release({ carrierId: order.carrierId, e164 })), "released");
  });
};
