/** Faults of what a log keeps of deliveries. */
import type { Deliveries, DeliveryKey, EventLog } from "../../../core/ports/mod.ts";
import type { Planted } from "./support.ts";

const delivering =
  (change: (deliveries: Deliveries) => Partial<Deliveries>) =>
  ({ deliveries }: EventLog): Pick<EventLog, "deliveries"> => ({
    deliveries: deliveries && { ...deliveries, ...change(deliveries) },
  });

/** Each as what `LOGS` plants. */
export const DELIVERY_FAULTS: Planted<EventLog> = {
  "writes progress whatever its version is": delivering((deliveries) => ({
    record: async (changes) => {
      const keys = changes.flatMap(({ progress }) => progress ?? []);
      const known = await deliveries.load(keys);
      const versionOf = (one: DeliveryKey): number =>
        known.find(({ endpoint, organization }) =>
          endpoint === one.endpoint && organization === one.organization
        )?.version ?? 0;
      return await deliveries.record(changes.map(({ progress, attempts }) => ({
        progress: progress && { ...progress, version: versionOf(progress) },
        attempts,
      })));
    },
  })),
  "keeps the attempts of progress that was not written": delivering((deliveries) => ({
    record: async (changes) => {
      await deliveries.record(changes.map(({ attempts }) => ({ progress: null, attempts })));
      return await deliveries.record(changes);
    },
  })),
  "writes one after the other what is refused together": delivering((deliveries) => ({
    record: async (changes) =>
      (await Promise.all(changes.map((change) => deliveries.record([change])))).flat(),
  })),
  "makes a key each time": delivering(() => ({
    key: () =>
      Promise.resolve(btoa(String.fromCharCode(
        ...crypto.getRandomValues(new Uint8Array(32)),
      ))),
  })),
  "lets progress wait for less than its endpoint": delivering((deliveries) => ({
    record: (changes) =>
      deliveries.record(changes.map(({ progress, attempts }) => ({
        progress: progress && { ...progress, blockedUntil: null },
        attempts,
      }))),
  })),
  "lists attempts by their time alone": delivering((deliveries) => ({
    attempts: (endpoint, filter, limit, after) =>
      deliveries.attempts(endpoint, filter, limit, after && { ...after, id: "" }),
  })),
  "lists delivered attempts among the failed": delivering((deliveries) => ({
    attempts: (endpoint, { event }, ...rest) => deliveries.attempts(endpoint, { event }, ...rest),
  })),
  "removes the attempts of an endpoint": delivering((deliveries) => ({
    remove: async (endpoint, limit) => {
      await deliveries.forget(Number.MAX_SAFE_INTEGER, 1_000_000);
      return await deliveries.remove(endpoint, limit);
    },
  })),
  "forgets more attempts than it may": delivering((deliveries) => ({
    forget: (before) => deliveries.forget(before, 1_000_000),
  })),
};
