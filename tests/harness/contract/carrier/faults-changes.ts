/** How every carrier answers a change while its transport fails; it can be repeated. */
import assert from "node:assert/strict";
import type { Test } from "../../runner.ts";
import { buy, type CarrierSubject, first, valueOf } from "../carrier-support.ts";
import { NOT_TAKEN, TAKEN, TRANSPORT_FAULTS } from "../transport.ts";
import { assertFails, failing, MAYBE_TAKEN, SURELY_NOT } from "./faults-support.ts";

const CONNECTION = "1494404757140276705";

const releases = (test: Test, subject: () => CarrierSubject): void => {
  for (const fault of TAKEN) {
    test(`release may be repeated until the number is released when ${TRANSPORT_FAULTS[fault]}`, async () => {
      const { carrier } = subject();
      const bought = await buy(subject(), (await first(subject())).e164);
      const release = () => carrier.release(bought);
      const answer = await failing(subject(), fault, ["release"], release);
      if (!answer.ok) assertFails(answer, MAYBE_TAKEN, fault);
      assert.match(valueOf(await release()), /^(released|gone)$/);
      assert.equal(valueOf(await carrier.has(bought)), false);
      assert.equal(valueOf(await carrier.findNumber(bought.e164)), null);
      assert.equal(valueOf(await release()), "gone");
    });
  }

  for (const fault of NOT_TAKEN) {
    test(`release keeps the number, and says so, when ${TRANSPORT_FAULTS[fault]}`, async () => {
      const { carrier } = subject();
      const bought = await buy(subject(), (await first(subject())).e164);
      const release = () => carrier.release(bought);
      assertFails(await failing(subject(), fault, ["release"], release), SURELY_NOT, fault);
      assert.equal(valueOf(await carrier.has(bought)), true);
      assert.equal(valueOf(await release()), "released");
      assert.equal(valueOf(await carrier.has(bought)), false);
    });
  }
};

const connections = (test: Test, subject: () => CarrierSubject): void => {
  const connectWhile = async (fault: keyof typeof TRANSPORT_FAULTS) => {
    const bought = await buy(subject(), (await first(subject())).e164);
    const connect = () => subject().carrier.connect(bought, CONNECTION);
    const answer = await failing(subject(), fault, ["connect"], connect);
    const connectionOf = async () =>
      valueOf(await subject().carrier.findNumber(bought.e164))?.connectionId;
    return { answer, connect, connectionOf };
  };

  for (const fault of TAKEN) {
    test(`connect may be repeated when ${TRANSPORT_FAULTS[fault]}`, async () => {
      const { answer, connect, connectionOf } = await connectWhile(fault);
      if (answer.ok) assert.equal(answer.value, "connected");
      else assertFails(answer, MAYBE_TAKEN, fault);
      assert.equal(valueOf(await connect()), "connected");
      assert.equal(await connectionOf(), CONNECTION);
    });
  }

  for (const fault of NOT_TAKEN) {
    test(`connect changes nothing, and says so, when ${TRANSPORT_FAULTS[fault]}`, async () => {
      const { answer, connect, connectionOf } = await connectWhile(fault);
      assertFails(answer, SURELY_NOT, fault);
      assert.equal(await connectionOf(), null);
      assert.equal(valueOf(await connect()), "connected");
      assert.equal(await connectionOf(), CONNECTION);
    });
  }
};

/** Releases and connections, of which each is asked for over a transport that fails. */
export const changingWhileFailing = (test: Test, subject: () => CarrierSubject): void => {
  releases(test, subject);
  connections(test, subject);
};
