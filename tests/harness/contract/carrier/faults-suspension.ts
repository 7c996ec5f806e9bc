/** How a carrier that can suspend answers while its transport fails; the call can be repeated. */
import assert from "node:assert/strict";
import type { Test } from "../../runner.ts";
import { type CarrierSubject, valueOf } from "../carrier-support.ts";
import { NOT_TAKEN, TAKEN, TRANSPORT_FAULTS } from "../transport.ts";
import { assertFails, failing, MAYBE_TAKEN, SURELY_NOT } from "./faults-support.ts";
import { type Able, buyFor, CONNECTION, declarer, found, routeOf, routeTo } from "./suspension.ts";

type Change = {
  readonly call: "suspend" | "resume";
  readonly done: "suspended" | "resumed";
  /** The connection before it, and after. */
  readonly from: string | null;
  readonly to: string | null;
};

const CHANGES: readonly Change[] = [
  { call: "suspend", done: "suspended", from: CONNECTION, to: null },
  { call: "resume", done: "resumed", from: null, to: CONNECTION },
];

/** A number before the change, and the way to make it. */
const before = async (carrier: Able, subject: CarrierSubject, { call }: Change) => {
  const number = await buyFor(subject, CONNECTION);
  if (call === "resume") valueOf(await carrier.suspend(number));
  return {
    number,
    make: () =>
      call === "suspend" ? carrier.suspend(number) : carrier.resume(number, routeTo(CONNECTION)),
    connectionOf: async () => routeOf(await found(carrier, number.e164)).connectionId,
  };
};

/** Suspensions and resumptions, of which each is asked for over a transport that fails. */
export const suspendingWhileFailing = (test: Test, subject: () => CarrierSubject): void => {
  const able = declarer(test, subject);
  for (const change of CHANGES) {
    const { call, done, from, to } = change;
    for (const fault of TAKEN) {
      able(`${call} may be repeated when ${TRANSPORT_FAULTS[fault]}`, async (carrier, opened) => {
        const { make, connectionOf } = await before(carrier, opened, change);
        const answer = await failing(opened, fault, [call], make);
        if (answer.ok) assert.equal(answer.value, done);
        else assertFails(answer, MAYBE_TAKEN, fault);
        assert.equal(valueOf(await make()), done);
        assert.equal(await connectionOf(), to);
      });
    }
    for (const fault of NOT_TAKEN) {
      const name = `${call} changes nothing, and says so, when ${TRANSPORT_FAULTS[fault]}`;
      able(name, async (carrier, opened) => {
        const { make, connectionOf } = await before(carrier, opened, change);
        assertFails(await failing(opened, fault, [call], make), SURELY_NOT, fault);
        assert.equal(await connectionOf(), from);
        assert.equal(valueOf(await make()), done);
        assert.equal(await connectionOf(), to);
      });
    }
  }
};
