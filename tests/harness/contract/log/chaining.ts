import assert from "node:assert/strict";
import { EMPTY_HEAD, verifyChain } from "../../../../core/log/chain.ts";
import { portableSha256 } from "../../../../adapters/hash/sha256.ts";
import { appended, appendTo, drafts, eventsIn, headOf, newOrganization } from "./support.ts";
import type { Test } from "../../runner.ts";
import type { TheLog } from "./support.ts";

// The portable one. The adapters take the runtime's own: that both agree is part of what is tested.

/** Texts that databases and wires like to spoil. */
const ODD_TEXTS = [
  "\u0000",
  "a\u0000b",
  "\ud800",
  "\udc00\ud800",
  "😀 👩‍👩‍👧 \u{10ffff}",
  "\u2028\u2029",
  "\\u0000 \\ \" ' \n\r\t\u007f\u0001",
  "e\u0301 é ﷺ \ufeff \ufffd \uffff",
  "{}[],\"'NULL",
];

/** The hash chain over what was appended, and data that comes back exactly. */
export const chaining = (test: Test, theLog: TheLog): void => {
  test("events verify as one chain up to the head when they are as appended", async () => {
    const log = theLog();
    const organization = newOrganization();
    await appended(log, appendTo(organization, { events: drafts(3) }));
    await appended(log, appendTo(organization, { expected: "any", events: drafts(2) }));
    await appended(
      log,
      appendTo(organization, { expected: "any", actor: { kind: "ledger", automation: "trials" } }),
    );
    const events = await eventsIn(log, organization);
    const head = await headOf(log, organization);
    assert.deepEqual(verifyChain(events, EMPTY_HEAD, portableSha256), { ok: true, value: head });
    const [first, ...rest] = events;
    assert.ok(first !== undefined);
    const from = { position: 1, hash: first.hash };
    assert.deepEqual(verifyChain(rest, from, portableSha256), { ok: true, value: head });
  });

  test("events fail to verify at the place when one was altered, removed or moved", async () => {
    const log = theLog();
    const organization = newOrganization();
    await appended(log, appendTo(organization, { events: drafts(4) }));
    const events = await eventsIn(log, organization);
    const [first, second, third, fourth] = events;
    assert.ok(first && second && third && fourth);
    const brokenAt = (tampered: typeof events): number => {
      const verified = verifyChain(tampered, EMPTY_HEAD, portableSha256);
      return verified.ok ? 0 : verified.error.position;
    };
    assert.equal(brokenAt([first, { ...second, data: { index: 7 } }, third, fourth]), 2);
    assert.equal(brokenAt([first, second, { ...third, at: third.at + 1 }, fourth]), 3);
    assert.equal(brokenAt([{ ...first, actor: { kind: "ledger", automation: "x" } }]), 1);
    assert.equal(brokenAt([first, { ...second, hash: first.hash }]), 2);
    assert.equal(brokenAt([first, third, fourth]), 2);
    assert.equal(brokenAt([first, { ...third, position: 2 }, { ...second, position: 3 }]), 2);
    assert.equal(brokenAt([second]), 1);
  });

  test("events come back exactly when their text is odd Unicode", async () => {
    const log = theLog();
    const organization = newOrganization();
    const data = Object.fromEntries(ODD_TEXTS.map((text) => [text, [text]]));
    await appended(
      log,
      appendTo(organization, {
        events: [{ type: "Tested", version: 1, data }],
        rows: [{ kind: "odd", key: "k", data, work: null }],
      }),
    );
    const events = await eventsIn(log, organization);
    assert.deepEqual(events[0]?.data, data);
    assert.equal(verifyChain(events, EMPTY_HEAD, portableSha256).ok, true);
    assert.deepEqual((await log.load(organization, { kinds: ["odd"] })).rows[0]?.data, data);
  });

  test("events come back exactly when one has a megabyte of data", async () => {
    const log = theLog();
    const organization = newOrganization();
    const data = { text: '0123456789abcdé"\\'.repeat(65_536), end: true };
    const { events } = await appended(
      log,
      appendTo(organization, { events: [{ type: "Tested", version: 1, data }, ...drafts(1)] }),
    );
    assert.deepEqual(events[0]?.data, data);
    const read = await eventsIn(log, organization);
    assert.deepEqual(read, events);
    assert.equal(verifyChain(read, EMPTY_HEAD, portableSha256).ok, true);
  });
};
