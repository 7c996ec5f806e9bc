import assert from "node:assert/strict";
import { EMPTY_HEAD } from "../../../../core/log/chain.ts";
import { appended, appendTo, drafts, eventsIn, newNumber, newOrganization } from "./support.ts";
import type { Test } from "../../runner.ts";
import type { TheLog } from "./support.ts";

const appending = (test: Test, theLog: TheLog): void => {
  test("append returns the first events when a command is repeated, whatever head it expects", async () => {
    const log = theLog();
    const organization = newOrganization();
    const command = { id: "c-1", fingerprint: "first" };
    const first = await appended(log, appendTo(organization, { command, events: drafts(3) }));
    const next = await appended(log, appendTo(organization, { expected: first.head }));
    for (const expected of [EMPTY_HEAD, first.head, next.head, "any"] as const) {
      const outcome = await log.append(appendTo(organization, { expected, command }));
      assert.deepEqual(outcome, {
        outcome: "repeated",
        fingerprint: "first",
        events: first.events,
      });
    }
    assert.equal((await eventsIn(log, organization)).length, 4);
  });

  test("append shows the first fingerprint when a command comes again with other content", async () => {
    const log = theLog();
    const organization = newOrganization();
    const first = await appended(
      log,
      appendTo(organization, { command: { id: "c-1", fingerprint: "first" } }),
    );
    const outcome = await log.append(
      appendTo(organization, { command: { id: "c-1", fingerprint: "second" }, events: drafts(9) }),
    );
    assert.deepEqual(outcome, { outcome: "repeated", fingerprint: "first", events: first.events });
  });

  test("append takes a command id when only another organization has used it", async () => {
    const log = theLog();
    const command = { id: "c-1", fingerprint: "f" };
    await appended(log, appendTo(newOrganization(), { command }));
    await appended(log, appendTo(newOrganization(), { command }));
  });

  test("append takes a command id again when its first append was refused", async () => {
    const log = theLog();
    const [organization, e164] = [newOrganization(), newNumber()];
    const command = { id: "c-1", fingerprint: "f" };
    await appended(log, appendTo(newOrganization(), { claims: [{ key: e164, holder: "pn_1" }] }));
    const claim = { key: e164, holder: "pn_2" };
    const refused = await log.append(appendTo(organization, { command, claims: [claim] }));
    assert.equal(refused.outcome, "claimed");
    await appended(log, appendTo(organization, { command }));
  });
};

const loading = (test: Test, theLog: TheLog): void => {
  test("load returns the outcome of a command that was given before", async () => {
    const log = theLog();
    const organization = newOrganization();
    const before = await appended(log, appendTo(organization, { events: drafts(2) }));
    const first = await appended(
      log,
      appendTo(organization, {
        expected: before.head,
        command: { id: "c-1", fingerprint: "f" },
        events: drafts(2),
      }),
    );
    const between = await appended(log, appendTo(organization, { expected: first.head }));
    const second = await appended(
      log,
      appendTo(organization, {
        expected: between.head,
        command: { id: "c-0", fingerprint: "g" },
        events: drafts(1),
      }),
    );
    const known = async (of: string, commands: readonly string[]) =>
      (await log.load(of, { commands })).commands;
    const one = { fingerprint: "f", events: first.events };
    const other = { fingerprint: "g", events: second.events };
    assert.deepEqual(await known(organization, ["c-1"]), [one]);
    assert.deepEqual(await known(organization, ["c-2"]), []);
    assert.deepEqual(await known(organization, []), []);
    assert.deepEqual(await known(newOrganization(), ["c-1", "c-0"]), []);
    // Several at a time come once each, by their events.
    assert.deepEqual(await known(organization, ["c-0", "c-2", "c-1", "c-0"]), [one, other]);
  });
};

/** Command ids: the same one again adds nothing and gives the events of the first time. */
export const repeating = (test: Test, theLog: TheLog): void => {
  appending(test, theLog);
  loading(test, theLog);
};
