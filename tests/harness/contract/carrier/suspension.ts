/** A number's route at the carrier, detached and attached again, where the carrier can do that. */
import type { Whole } from "../../../../adapters/validation/optional.ts";
import assert from "node:assert/strict";
import type { Carrier, CarrierNumber, CarrierRoute } from "../../../../core/ports/mod.ts";
import { skip, type Test } from "../../runner.ts";
import { buy, type CarrierSubject, first, newKey, settled, valueOf } from "../carrier-support.ts";

/** The connection that numbers are bought for. */
export const CONNECTION = "1494404757140276705";
const OTHER_CONNECTION = "1494404757140276706";

/** The route to a connection, or to nothing. */
export const routeTo = (connectionId: string | null): CarrierRoute => ({
  connectionId,
  messagingProfileId: null,
});

/** A carrier that can suspend. */
export type Able = Carrier & Whole<Pick<Carrier, "suspend" | "resume">>;

const isAble = (carrier: Carrier): carrier is Able =>
  carrier.suspend !== undefined && carrier.resume !== undefined;

/** Buys a number for a connection. */
export const buyFor = async (subject: CarrierSubject, connectionId: string) => {
  const { e164 } = await first(subject);
  const key = newKey();
  valueOf(await subject.carrier.order({ key, e164, connectionId }));
  const order = await settled(subject, key);
  assert.ok(order.status === "confirmed", `expected a confirmed order, not ${order.status}`);
  return { e164, carrierId: order.carrierId };
};

/** The number as the carrier keeps it. */
export const found = async (
  carrier: Carrier,
  e164: CarrierNumber["e164"],
): Promise<CarrierNumber> =>
  valueOf(await carrier.findNumber(e164)) ?? assert.fail(`${e164} is not kept`);

/** The route of a number; fails the test where `attached` contradicts it. */
export const routeOf = ({ connectionId, messagingProfileId = null, attached }: CarrierNumber) => {
  const isAttached = connectionId !== null || messagingProfileId !== null;
  // A carrier need not report it; one that does must report the truth.
  assert.ok(attached === undefined || attached === isAttached, `attached: ${attached}`);
  return { connectionId, messagingProfileId };
};

/** Declares a test for carriers that can suspend; it is skipped for others. */
export const declarer = (test: Test, subject: () => CarrierSubject) =>
(
  name: string,
  perform: (carrier: Able, subject: CarrierSubject) => Promise<void>,
): void => {
  test(name, async () => {
    const opened = subject();
    const { carrier } = opened;
    await perform(
      isAble(carrier) ? carrier : skip("the carrier has no `suspend` and `resume`"),
      opened,
    );
  });
};

/** The effect on a route. */
const changing = (test: Test, subject: () => CarrierSubject): void => {
  const able = declarer(test, subject);

  able(
    "suspend detaches the route of a number and no other, and keeps the number",
    async (carrier) => {
      const number = await buyFor(subject(), CONNECTION);
      const other = await buyFor(subject(), CONNECTION);
      assert.deepEqual(routeOf(await found(carrier, number.e164)), routeTo(CONNECTION));
      assert.equal(valueOf(await carrier.suspend(number)), "suspended");
      assert.deepEqual(routeOf(await found(carrier, number.e164)), routeTo(null));
      assert.deepEqual(routeOf(await found(carrier, other.e164)), routeTo(CONNECTION));
      assert.equal(valueOf(await carrier.has(number)), true);
      assert.equal((await found(carrier, number.e164)).carrierId, number.carrierId);
    },
  );

  able(
    "resume attaches the route that it is given, whatever the previous route",
    async (carrier) => {
      const number = await buyFor(subject(), CONNECTION);
      await carrier.suspend(number);
      assert.equal(valueOf(await carrier.resume(number, routeTo(OTHER_CONNECTION))), "resumed");
      assert.deepEqual(routeOf(await found(carrier, number.e164)), routeTo(OTHER_CONNECTION));
      assert.equal(valueOf(await carrier.resume(number, routeTo(CONNECTION))), "resumed");
      assert.deepEqual(routeOf(await found(carrier, number.e164)), routeTo(CONNECTION));
    },
  );

  able("suspend and resume come to the same when they are repeated", async (carrier) => {
    const number = await buyFor(subject(), CONNECTION);
    for (let round = 0; round < 2; round++) {
      for (let times = 0; times < 3; times++) {
        assert.equal(valueOf(await carrier.suspend(number)), "suspended");
      }
      assert.deepEqual(routeOf(await found(carrier, number.e164)), routeTo(null));
      for (let times = 0; times < 3; times++) {
        assert.equal(valueOf(await carrier.resume(number, routeTo(CONNECTION))), "resumed");
      }
      assert.deepEqual(routeOf(await found(carrier, number.e164)), routeTo(CONNECTION));
    }
  });

  able("resume leaves alone what the route says nothing of", async (carrier) => {
    const number = await buyFor(subject(), CONNECTION);
    assert.equal(valueOf(await carrier.resume(number, routeTo(null))), "resumed");
    assert.deepEqual(routeOf(await found(carrier, number.e164)), routeTo(CONNECTION));
    const bare = await buy(subject(), (await first(subject())).e164);
    assert.equal(valueOf(await carrier.suspend(bare)), "suspended");
    assert.equal(valueOf(await carrier.resume(bare, routeTo(null))), "resumed");
    assert.equal(valueOf(await carrier.has(bare)), true);
  });
};

/** Which number it is. */
const naming = (test: Test, subject: () => CarrierSubject): void => {
  const able = declarer(test, subject);

  able("suspend and resume answer `gone` when the number was released before", async (carrier) => {
    const number = await buyFor(subject(), CONNECTION);
    await carrier.release(number);
    assert.equal(valueOf(await carrier.suspend(number)), "gone");
    assert.equal(valueOf(await carrier.resume(number, routeTo(CONNECTION))), "gone");
    assert.equal(valueOf(await carrier.resume(number, routeTo(null))), "gone");
  });

  able("suspend and resume answer `gone` when the carrier id is unknown", async (carrier) => {
    const unknown = { carrierId: "contract_unknown", e164: subject().notOffered };
    assert.equal(valueOf(await carrier.suspend(unknown)), "gone");
    assert.equal(valueOf(await carrier.resume(unknown, routeTo(CONNECTION))), "gone");
  });

  able("suspend and resume leave the number alone that was bought again since", async (carrier) => {
    const earlier = await buyFor(subject(), CONNECTION);
    await carrier.release(earlier);
    const key = newKey();
    const { e164 } = earlier;
    valueOf(await carrier.order({ key, e164, connectionId: OTHER_CONNECTION }));
    await settled(subject(), key);
    assert.equal(valueOf(await carrier.suspend(earlier)), "gone");
    assert.equal(valueOf(await carrier.resume(earlier, routeTo(CONNECTION))), "gone");
    assert.deepEqual(routeOf(await found(carrier, e164)), routeTo(OTHER_CONNECTION));
  });
};

/** Suspending and resuming numbers, of a carrier that can; it may lack both. */
export const suspending = (test: Test, subject: () => CarrierSubject): void => {
  test("suspend and resume are both there, or neither", () => {
    const { suspend, resume } = subject().carrier;
    assert.equal(suspend === undefined, resume === undefined);
  });
  changing(test, subject);
  naming(test, subject);
};
