import assert from "node:assert/strict";
import type { Appended, EventLog } from "../../../../core/ports/mod.ts";
import { appended, appendTo, newOrganization, rowOf } from "./support.ts";
import type { Test } from "../../runner.ts";
import type { TheLog } from "./support.ts";

/** Long enough for any log that notifies; one that does not must fail, and not hang. */
const LIMIT_MS = 5_000;

/** Resolves with a notification of this organization, or of many; rejects when there is none. */
const notificationOf = (log: EventLog, organization: string): Promise<Appended> => {
  const notification = new Promise<Appended>((resolve, reject) => {
    const give = (settle: () => void): void => {
      clearTimeout(timer);
      unwatch();
      settle();
    };
    const timer = setTimeout(
      () => give(() => reject(new Error(`no notification of an append in ${LIMIT_MS} ms`))),
      LIMIT_MS,
    );
    const unwatch = log.watch((notification) => {
      const { organizations } = notification;
      if (organizations === "many" || organizations.includes(organization)) {
        give(() => resolve(notification));
      }
    });
  });
  // Only the test fails where it ends before it awaits this; the program continues.
  notification.catch(() => {});
  return notification;
};

/** Notifications of appends. */
export const watching = (test: Test, theLog: TheLog): void => {
  test("watch notifies every listener of an append, with the earliest work", async () => {
    const log = theLog();
    const organization = newOrganization();
    const notifications = [notificationOf(log, organization), notificationOf(log, organization)];
    // Far off: nothing that other tests ask for is due then.
    const far = Number.MAX_SAFE_INTEGER;
    const rows = [far, far - 1, far - 2].map((due, index) => ({
      ...rowOf(`row-${index}`, index),
      work: index === 2 ? null : { automation: "trials", due },
    }));
    await appended(log, appendTo(organization, { rows }));
    for (const { due } of await Promise.all(notifications)) {
      assert.ok(due !== null && due <= far - 1, String(due));
    }
    await appended(log, appendTo(organization, { expected: "any", removed: rows }));
  });

  test("watch stops notifying a listener when the returned function was called", async () => {
    const log = theLog();
    const organization = newOrganization();
    const notified: string[] = [];
    const listen = (name: string) =>
      log.watch(({ organizations }) => {
        if (organizations === "many" || organizations.includes(organization)) notified.push(name);
      });
    const [unwatch, unwatchOther] = [listen("one"), listen("other")];
    unwatch();
    const notification = notificationOf(log, organization);
    await appended(log, appendTo(organization));
    await notification;
    unwatchOther();
    assert.deepEqual([...new Set(notified)], ["other"]);
  });
};
