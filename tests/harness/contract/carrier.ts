import assert from "node:assert/strict";
import * as v from "valibot";
import { CarrierNameSchema } from "../../../core/number/schemas.ts";
import type { Carrier, CarrierNumber } from "../../../core/ports.ts";
import { runnerOf, type Test, type TestFunctions } from "../runner.ts";
import {
  buy,
  type CarrierSubject,
  first,
  isListed,
  newKey,
  settled,
  valueOf,
} from "./carrier-support.ts";

export type { CarrierSubject } from "./carrier-support.ts";

const RACERS = 20;

const searching = (test: Test, subject: () => CarrierSubject): void => {
  test("search gives offers as asked for when filters are given", async () => {
    const { carrier, filters, locality } = subject();
    for (const asked of [filters, { ...filters, locality }]) {
      const offers = valueOf(await carrier.search(asked));
      assert.ok(offers.length >= 1);
      for (const offer of offers) {
        assert.equal(offer.country, asked.country);
        assert.equal(offer.type, asked.type);
        assert.ok(offer.monthly.micros >= 0 && offer.setup.micros >= 0);
        assert.ok(offer.features.length > 0);
        if (asked.areaCode !== undefined) assert.equal(offer.e164.slice(2, 5), asked.areaCode);
        if ("locality" in asked) assert.equal(offer.region.locality, locality);
      }
    }
  });

  test("search compares towns without regard to case", async () => {
    const { carrier, filters, locality } = subject();
    const lower = await carrier.search({ ...filters, locality: locality.toLowerCase() });
    const upper = await carrier.search({ ...filters, locality: locality.toUpperCase() });
    assert.deepEqual(valueOf(lower), valueOf(upper));
  });

  test("search gives at most the limit, and no number twice", async () => {
    const { carrier, filters } = subject();
    for (const limit of [1, 2, 5]) {
      const offers = valueOf(await carrier.search({ ...filters, limit }));
      assert.equal(offers.length, limit);
      assert.equal(new Set(offers.map(({ e164 }) => e164)).size, limit);
    }
  });

  test("search gives an empty list when nothing matches", async () => {
    const { carrier, none } = subject();
    assert.deepEqual(valueOf(await carrier.search(none)), []);
  });

  test("quote gives the offer that search gave when the number is still there", async () => {
    const offer = await first(subject());
    assert.deepEqual(valueOf(await subject().carrier.quote(offer.e164)), offer);
  });

  test("quote gives null when the number is not offered", async () => {
    const { carrier, notOffered } = subject();
    assert.equal(valueOf(await carrier.quote(notOffered)), null);
  });
};

const ordering = (test: Test, subject: () => CarrierSubject): void => {
  test("order takes the number out of search and quote when it is confirmed", async () => {
    const { e164 } = await first(subject());
    await buy(subject(), e164);
    assert.equal(await isListed(subject(), e164), false);
    assert.equal(valueOf(await subject().carrier.quote(e164)), null);
  });

  test("order fails as not available when the number is sold", async () => {
    const { e164 } = await first(subject());
    const bought = await buy(subject(), e164);
    const again = await subject().carrier.order({ key: newKey(), e164, connectionId: null });
    const order = valueOf(again);
    assert.ok(order.status === "failed" && order.reason === "notAvailable");
    const kept = valueOf(await subject().carrier.findOrder(bought.key));
    assert.deepEqual(kept, { status: "confirmed", carrierId: bought.carrierId });
  });

  test("order fails as not available when the number is not offered", async () => {
    const { carrier, notOffered } = subject();
    const request = { key: newKey(), e164: notOffered, connectionId: null };
    const order = valueOf(await carrier.order(request));
    assert.ok(order.status === "failed" && order.reason === "notAvailable");
  });

  test("order gives different carrier ids for different numbers", async () => {
    const one = await buy(subject(), (await first(subject())).e164);
    const other = await buy(subject(), (await first(subject())).e164);
    assert.notEqual(one.e164, other.e164);
    assert.notEqual(one.carrierId, other.carrierId);
  });

  test("order confirms one of twenty when all want one number at once", async () => {
    const { e164 } = await first(subject());
    const keys = Array.from({ length: RACERS }, newKey);
    const answers = await Promise.all(
      keys.map((key) => subject().carrier.order({ key, e164, connectionId: null })),
    );
    const takenKeys = keys.filter((_, place) => {
      const answer = answers[place];
      return answer?.ok === true && answer.value.status !== "failed";
    });
    assert.equal(takenKeys.length, 1);
    const order = await settled(subject(), takenKeys[0] ?? "");
    assert.equal(order.status, "confirmed");
  });

  test("findOrder gives null when the key is unknown", async () => {
    assert.equal(valueOf(await subject().carrier.findOrder(newKey())), null);
  });
};

/** All that the carrier keeps for us, page by page. */
const inventoryOf = async ({ carrier }: CarrierSubject): Promise<readonly CarrierNumber[]> => {
  const numbers: CarrierNumber[] = [];
  const asked = new Set<string | null>();
  let after: string | null = null;
  do {
    assert.ok(!asked.has(after), "a page of the inventory leads back to an earlier one");
    asked.add(after);
    const page: Awaited<ReturnType<Carrier["inventory"]>> = await carrier.inventory(after);
    const { numbers: some, next } = valueOf(page);
    numbers.push(...some);
    after = next;
  } while (after !== null);
  return numbers;
};

/** A number without what only some carriers tell. */
const told = (number: CarrierNumber | null) => {
  assert.ok(number);
  const { e164, carrierId, status, orderKey, connectionId } = number;
  return { e164, carrierId, status, orderKey, connectionId };
};

const telling = (test: Test, subject: () => CarrierSubject): void => {
  test("the name is one that events can hold", () => {
    const { name } = subject().carrier;
    assert.ok(v.is(CarrierNameSchema, name), name);
  });

  test("settlingMs is how long an order may take to come into sight, which may be 0", () => {
    const { settlingMs } = subject().carrier;
    assert.ok(Number.isFinite(settlingMs) && settlingMs >= 0, String(settlingMs));
  });
};

const keeping = (test: Test, subject: () => CarrierSubject): void => {
  test("inventory has a number once it is bought, with its key, until it is released", async () => {
    const bought = await buy(subject(), (await first(subject())).e164);
    const { key: orderKey, e164, carrierId } = bought;
    const kept = { e164, carrierId, status: "active", orderKey, connectionId: null };
    const find = async () =>
      (await inventoryOf(subject())).filter((number) => number.e164 === e164).map(told);
    assert.deepEqual(await find(), [kept]);
    assert.deepEqual(told(valueOf(await subject().carrier.findNumber(e164))), kept);
    await subject().carrier.release(bought);
    assert.deepEqual(await find(), []);
    assert.equal(valueOf(await subject().carrier.findNumber(e164)), null);
  });

  test("inventory has each number once", async () => {
    await buy(subject(), (await first(subject())).e164);
    const ids = (await inventoryOf(subject())).map(({ carrierId }) => carrierId);
    assert.equal(new Set(ids).size, ids.length);
  });

  test("has tells whether a number is ours under its id, until it is released", async () => {
    const { carrier } = subject();
    const bought = await buy(subject(), (await first(subject())).e164);
    assert.equal(valueOf(await carrier.has(bought)), true);
    const { e164 } = bought;
    assert.equal(valueOf(await carrier.has({ e164, carrierId: "contract_unknown" })), false);
    await carrier.release(bought);
    assert.equal(valueOf(await carrier.has(bought)), false);
    const later = await buy(subject(), e164);
    assert.equal(valueOf(await carrier.has(bought)), false);
    assert.equal(valueOf(await carrier.has(later)), true);
  });

  test("connect changes the connection that findNumber tells", async () => {
    const bought = await buy(subject(), (await first(subject())).e164);
    const { carrier } = subject();
    assert.equal(valueOf(await carrier.connect(bought, "1494404757140276705")), "connected");
    const found = valueOf(await carrier.findNumber(bought.e164));
    assert.equal(found?.connectionId, "1494404757140276705");
    await carrier.release(bought);
    assert.equal(valueOf(await carrier.connect(bought, "1494404757140276705")), "gone");
  });

  test("findNumber gives null when the number is not ours", async () => {
    const { e164 } = await first(subject());
    assert.equal(valueOf(await subject().carrier.findNumber(e164)), null);
  });
};

const releasing = (test: Test, subject: () => CarrierSubject): void => {
  test("release brings the number back to search when it was ours", async () => {
    const { e164 } = await first(subject());
    const bought = await buy(subject(), e164);
    assert.equal(valueOf(await subject().carrier.release(bought)), "released");
    assert.equal(await isListed(subject(), e164), true);
    assert.equal(valueOf(await subject().carrier.quote(e164))?.e164, e164);
  });

  test("release answers gone when the number was released before", async () => {
    const bought = await buy(subject(), (await first(subject())).e164);
    await subject().carrier.release(bought);
    assert.equal(valueOf(await subject().carrier.release(bought)), "gone");
  });

  test("release answers gone when the carrier id is unknown", async () => {
    const { carrier, notOffered } = subject();
    const unknown = { carrierId: "contract_unknown", e164: notOffered };
    assert.equal(valueOf(await carrier.release(unknown)), "gone");
  });

  test("release leaves the number alone when somebody bought it again since", async () => {
    const { e164 } = await first(subject());
    const earlier = await buy(subject(), e164);
    await subject().carrier.release(earlier);
    const later = await buy(subject(), e164);
    assert.notEqual(later.carrierId, earlier.carrierId);
    assert.equal(valueOf(await subject().carrier.release(earlier)), "gone");
    assert.equal(valueOf(await subject().carrier.quote(e164)), null);
  });
};

/**
 * Declares the tests that every adapter of the `Carrier` port passes, with the functions of your
 * test runner. `open` is called once; the carrier's inventory need not be fresh.
 */
export const carrierContract = (
  functions: TestFunctions,
  name: string,
  open: () => Promise<CarrierSubject>,
): void => {
  const { describe, test, before, after } = runnerOf(functions);
  describe(`carrier: ${name}`, () => {
    let opened: CarrierSubject | undefined;
    before(async () => {
      opened = await open();
    });
    after(() => opened?.close());
    const subject = (): CarrierSubject => {
      assert.ok(opened !== undefined);
      return opened;
    };
    telling(test, subject);
    searching(test, subject);
    ordering(test, subject);
    keeping(test, subject);
    releasing(test, subject);
  });
};
