/** What a test has bought is released at its end, so that a suite needs few numbers. */
import type { Carrier } from "../../../../core/ports/mod.ts";
import type { Test } from "../../runner.ts";
import { type CarrierSubject, settled } from "../carrier-support.ts";

type Ordered = Parameters<Carrier["order"]>[0];

/** Releases the number, if it became ours by this order. */
const giveBack = async (subject: CarrierSubject, { key, e164 }: Ordered): Promise<void> => {
  const { carrier } = subject;
  const found = await carrier.findOrder(key);
  if (!found.ok || found.value === null) return;
  const order = await settled(subject, key);
  if (order.status === "confirmed") await carrier.release({ carrierId: order.carrierId, e164 });
};

/** The carrier, whose orders are noted. */
const noting = (carrier: Carrier, ordered: Map<string, Ordered>): Carrier =>
  new Proxy(carrier, {
    get: (target, name) => {
      if (name !== "order") return Reflect.get(target, name);
      return async (request: Ordered) => {
        const answer = await target.order(request);
        const isOver = answer.ok && answer.value.status === "failed";
        if (!isOver) ordered.set(request.key, request);
        return answer;
      };
    },
  });

/** Notes what is ordered of a subject, and gives it back at the end of each test. */
export const openGivingBack = () => {
  const ordered = new Map<string, Ordered>();
  return {
    /** The subject, whose orders are noted. */
    noted: (subject: CarrierSubject): CarrierSubject => ({
      ...subject,
      carrier: noting(subject.carrier, ordered),
    }),
    /**
     * Declares tests that give back what they have bought. A carrier that does not take it back
     * fails the tests of that, and not those of everything else.
     */
    test: (test: Test, subject: () => CarrierSubject): Test => (name, work) =>
      test(name, async (...context) => {
        try {
          await work(...context);
        } finally {
          for (const one of ordered.values()) await giveBack(subject(), one).catch(() => {});
          ordered.clear();
        }
      }),
  };
};
