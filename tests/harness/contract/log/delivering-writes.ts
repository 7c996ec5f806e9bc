/** How what is kept of deliveries is written: by several at a time, and within bounds. */
import assert from "node:assert/strict";
import type {
  Deliveries,
  DeliveryAttempt,
  DeliveryProgress,
  EventLog,
} from "../../../../core/ports/mod.ts";
import { appended, appendTo, newOrganization, SOME_TIME } from "./support.ts";

/** More than a test has. */
export const ALL = 1_000_000;

/** Declares a test of what a log keeps of deliveries. */
export type Using = (
  title: string,
  check: (deliveries: Deliveries, log: EventLog) => Promise<void>,
) => void;

/** An endpoint that no other test uses. */
const newEndpoint = (): string => `wh_${crypto.randomUUID()}`;

const progressOf = (
  endpoint: string,
  given: Partial<DeliveryProgress> = {},
): DeliveryProgress => ({
  endpoint,
  organization: "acme",
  position: 1,
  hash: "f".repeat(64),
  pending: [],
  blockedUntil: null,
  failures: 0,
  version: 0,
  ...given,
});

const attemptOf = (endpoint: string, given: Partial<DeliveryAttempt> = {}): DeliveryAttempt => ({
  id: `da_${crypto.randomUUID()}`,
  endpoint,
  organization: "acme",
  position: 1,
  event: "ev_1",
  attempt: 1,
  at: SOME_TIME,
  status: 200,
  failure: null,
  ms: 12,
  answer: "ok",
  ...given,
});

const races = (using: Using): void => {
  using("the key of secrets is 32 bytes, and one for all who ask", async (deliveries) => {
    const keys = await Promise.all([1, 2, 3].map(() => deliveries.key()));
    assert.equal(new Set([...keys, await deliveries.key()]).size, 1);
    assert.equal(atob(keys[0] ?? "").length, 32);
    assert.equal(btoa(atob(keys[0] ?? "")), keys[0]);
  });

  using(
    "of those that change the same progress, one is written, each whole",
    async (deliveries) => {
      const endpoint = newEndpoint();
      for (let version = 0; version < 3; version += 1) {
        const writers = [1, 2, 3, 4].map((writer) => ({
          progress: progressOf(endpoint, { position: 10 * version + writer, version }),
          attempts: [attemptOf(endpoint, { position: 10 * version + writer })],
        }));
        const written = await Promise.all(writers.map(async (one) => {
          const [isWritten] = await deliveries.record([one]);
          return isWritten === true ? [one] : [];
        }));
        const [winner, ...others] = written.flat();
        assert.deepEqual(others, []);
        assert.ok(winner !== undefined);
        assert.deepEqual(await deliveries.progress(endpoint, "", ALL), [
          { ...winner.progress, version: version + 1 },
        ]);
        const [latest] = (await deliveries.attempts(endpoint, {}, ALL))
          .toSorted((a, b) => b.position - a.position);
        assert.deepEqual(latest, winner.attempts[0]);
      }
      assert.equal((await deliveries.attempts(endpoint, {}, ALL)).length, 3);
      await deliveries.remove(endpoint, ALL);
    },
  );

  using("many that are written together in any order are each written once", async (deliveries) => {
    const endpoint = newEndpoint();
    const all = Array.from({ length: 40 }, (_, place) => ({
      progress: progressOf(endpoint, { organization: `org-${place}` }),
      attempts: [attemptOf(endpoint, { organization: `org-${place}` })],
    }));
    for (let version = 0; version < 3; version += 1) {
      const changes = all.map(({ progress, attempts }) => ({
        progress: { ...progress, version },
        attempts: attempts.map((one) => ({ ...one, id: crypto.randomUUID() })),
      }));
      const written = await Promise.all([
        deliveries.record(changes),
        deliveries.record(changes.toReversed()),
        deliveries.record(changes.toReversed()),
      ]);
      const times = written[0].map((isWritten, place) =>
        [isWritten, ...written.slice(1).map((other) => other[39 - place])].filter(Boolean).length
      );
      assert.deepEqual(times, all.map(() => 1));
    }
    const kept = await deliveries.progress(endpoint, "", ALL);
    assert.deepEqual(kept.map(({ version }) => version), all.map(() => 3));
    assert.equal((await deliveries.attempts(endpoint, {}, ALL)).length, 120);
    assert.equal(await deliveries.remove(endpoint, ALL), 40);
  });
};

const bounds = (using: Using): void => {
  const most = Array.from({ length: 1_000 }, (_, place) => ({
    position: place + 1,
    subject: `pn_${place}`,
    attempts: 1,
    dueAt: SOME_TIME,
    firstAt: SOME_TIME,
  }));

  using(
    "1,000 deliveries may be pending, and what is beyond a bound is refused",
    async (deliveries) => {
      const endpoint = newEndpoint();
      const [first] = most;
      assert.ok(first !== undefined);
      const good = { progress: progressOf(endpoint, { organization: "good" }), attempts: [] };
      const bad = [
        { pending: [...most, first] },
        { pending: [{ ...first, dueAt: -1 }] },
        { pending: [{ ...first, subject: "\0" }] },
        { position: 0.5 },
        { position: 2 ** 60 },
        { failures: 2 ** 31 },
        { organization: "\ud800" },
        { hash: "a".repeat(10_000) },
        { version: -1 },
      ].map((given) => ({ progress: progressOf(endpoint, given), attempts: [] }));
      const worse = [
        { id: "\0" },
        { event: "\ud800" },
        { failure: "\0" },
        { status: 1_000 },
        { ms: Number.NaN },
        { attempt: 2 ** 31 },
        { at: -1 },
      ].map((given) => ({ progress: null, attempts: [attemptOf(endpoint, given)] }));
      for (const one of [...bad, ...worse]) {
        await assert.rejects(deliveries.record([good, one]), RangeError, JSON.stringify(one));
      }
      await assert.rejects(deliveries.record([good, good]), RangeError);
      assert.deepEqual(await deliveries.progress(endpoint, "", ALL), []);
      assert.deepEqual(await deliveries.attempts(endpoint, {}, ALL), []);

      const full = progressOf(endpoint, { pending: most });
      assert.deepEqual(await deliveries.record([{ progress: full, attempts: [] }, good]), [
        true,
        true,
      ]);
      const [kept] = await deliveries.load([full]);
      assert.deepEqual(kept, { ...full, version: 1 });
      assert.deepEqual(await deliveries.record([]), []);
      assert.deepEqual(await deliveries.load([]), []);
      assert.equal(await deliveries.remove(endpoint, ALL), 2);
    },
  );
};

const beside = (using: Using): void => {
  using(
    "rows that are replaced leave what is kept of deliveries",
    async (deliveries, log) => {
      const [endpoint, organization] = [newEndpoint(), newOrganization()];
      const progress = progressOf(endpoint, { organization });
      await deliveries.record([{ progress, attempts: [attemptOf(endpoint)] }]);
      const key = await deliveries.key();
      const { head } = await appended(log, appendTo(organization));
      assert.equal(await log.replaceRows(organization, head, [], []), true);
      assert.deepEqual(await deliveries.load([progress]), [{ ...progress, version: 1 }]);
      assert.equal((await deliveries.attempts(endpoint, {}, ALL)).length, 1);
      assert.equal(await deliveries.key(), key);
      assert.equal(await deliveries.remove(endpoint, 1), 1);
      assert.equal((await deliveries.attempts(endpoint, {}, ALL)).length, 1);
    },
  );
};

/** Tests of how it is written. */
export const writing = (using: Using): void => {
  races(using);
  bounds(using);
  beside(using);
};
