import assert from "node:assert/strict";
import { EMPTY_HEAD } from "../../../../core/log/chain.ts";
import { appended, appendTo, drafts, eventsIn, newNumber, newOrganization } from "./support.ts";
import type { Test } from "../../runner.ts";
import type { TheLog } from "./support.ts";

/** Command ids: the same one again adds nothing and gives the events of the first time. */
export const repeating = (test: Test, theLog: TheLog): void => {
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
    await appended(log, appendTo(organization, { expected: first.head }));
    const known = await log.load(organization, { command: "c-1" });
    assert.deepEqual(known.command, { fingerprint: "f", events: first.events });
    assert.equal((await log.load(organization, { command: "c-2" })).command, null);
    assert.equal((await log.load(newOrganization(), { command: "c-1" })).command, null);
  });
};
