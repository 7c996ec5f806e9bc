import assert from "node:assert/strict";
import { EMPTY_HEAD } from "../../../../core/log/chain.ts";
import {
  appended,
  appendTo,
  drafts,
  eventsIn,
  headOf,
  newOrganization,
  put,
  remove,
  rowOf,
} from "./support.ts";
import type { Test } from "../../runner.ts";
import type { TheLog } from "./support.ts";

const positions = (test: Test, theLog: TheLog): void => {
  test("append gives positions without gaps when it is called again and again", async () => {
    const log = theLog();
    const organization = newOrganization();
    const first = await appended(log, appendTo(organization, { events: drafts(3) }));
    const second = await appended(
      log,
      appendTo(organization, { expected: first.head, events: drafts(2) }),
    );
    assert.equal(second.head.position, 5);
    assert.deepEqual(second.events.map(({ position }) => position), [4, 5]);
    const events = await eventsIn(log, organization);
    assert.deepEqual(events.map(({ position }) => position), [1, 2, 3, 4, 5]);
    assert.deepEqual(events, [...first.events, ...second.events]);
    assert.deepEqual(await headOf(log, organization), second.head);
  });

  test("append keeps what an event says when it is read again", async () => {
    const log = theLog();
    const organization = newOrganization();
    const actor = { kind: "user", tokenId: "tk_1", email: "a@b.example", name: "Ä" } as const;
    const data = { text: "ok", list: [1, null, { deep: true }], amount: 0.1 };
    await appended(
      log,
      appendTo(organization, {
        at: 1_234_567_890_123,
        actor,
        command: { id: "c-1", fingerprint: "f" },
        events: [{ type: "NumberPurchased", version: 3, data }],
      }),
    );
    const [event] = await eventsIn(log, organization);
    assert.ok(event !== undefined);
    const { hash, ...rest } = event;
    assert.match(hash, /^[0-9a-f]{64}$/);
    assert.deepEqual(rest, {
      organization,
      position: 1,
      type: "NumberPurchased",
      version: 3,
      at: 1_234_567_890_123,
      actor,
      command: "c-1",
      data,
    });
  });
};

const heads = (test: Test, theLog: TheLog): void => {
  test("append returns the head and adds nothing when the head has moved on", async () => {
    const log = theLog();
    const organization = newOrganization();
    const { head } = await appended(log, appendTo(organization, { events: drafts(2) }));
    const wrongHeads = [
      EMPTY_HEAD,
      { position: 1, hash: "0".repeat(64) },
      { position: 2, hash: "0".repeat(64) },
      { position: 9, hash: head.hash },
    ];
    for (const expected of wrongHeads) {
      const outcome = await log.append(appendTo(organization, { expected }));
      assert.deepEqual(outcome, { outcome: "conflict", head });
    }
    assert.equal((await eventsIn(log, organization)).length, 2);
  });

  test("append conflicts with the empty head when an unknown organization should have events", async () => {
    for (const position of [0, 1, 4]) {
      const expected = { position, hash: "f".repeat(64) };
      const outcome = await theLog().append(appendTo(newOrganization(), { expected }));
      assert.deepEqual(outcome, { outcome: "conflict", head: EMPTY_HEAD });
    }
  });

  test("append never conflicts when any head will do", async () => {
    const log = theLog();
    const organization = newOrganization();
    for (let count = 1; count <= 5; count += 1) {
      const { head } = await appended(log, appendTo(organization, { expected: "any" }));
      assert.equal(head.position, count);
    }
  });

  test("append throws when it is given no event", async () => {
    await assert.rejects(theLog().append(appendTo(newOrganization(), { events: [] })), RangeError);
  });

  test("append fails alone when it is given what has no JSON", async () => {
    const log = theLog();
    const [one, other] = [newOrganization(), newOrganization()];
    const events = [{ type: "Tested", version: 1, data: 1n }];
    const [row, unchanged] = [rowOf("a", 1n), newOrganization()];
    const outcomes = await Promise.allSettled([
      log.append(appendTo(newOrganization(), { events })),
      log.append(appendTo(one)),
      log.append(appendTo(unchanged, { rows: [row] })),
      log.append(appendTo(other, { expected: "any" })),
    ]);
    const settled = ["rejected", "fulfilled", "rejected", "fulfilled"];
    assert.deepEqual(outcomes.map(({ status }) => status), settled);
    assert.equal((await eventsIn(log, other)).length, 1);
    assert.deepEqual(await headOf(log, unchanged), EMPTY_HEAD);
  });
};

const rows = (test: Test, theLog: TheLog): void => {
  test("append writes, replaces and removes rows when it adds events", async () => {
    const log = theLog();
    const organization = newOrganization();
    const { head } = await appended(
      log,
      appendTo(organization, { rows: [rowOf("a", { n: 1 }), rowOf("b", [2]), rowOf("c", "3")] }),
    );
    const work = { automation: "renewals", due: 7_777 };
    await appended(
      log,
      appendTo(organization, {
        expected: head,
        rows: [{ ...rowOf("b", { n: 4 }), work }, rowOf("d", 5)],
        removed: [rowOf("a", 1)],
      }),
    );
    const loaded = await log.load(organization, { kinds: ["number"] });
    assert.deepEqual(loaded.rows, [
      { ...rowOf("b", { n: 4 }), work },
      rowOf("c", "3"),
      rowOf("d", 5),
    ]);
    await appended(log, appendTo(organization, { expected: "any", removed: [rowOf("b", 4)] }));
  });

  test("append keeps the last change of a row when it is changed twice", async () => {
    const log = theLog();
    const organization = newOrganization();
    await appended(
      log,
      {
        ...appendTo(organization),
        rows: [
          put(rowOf("a", 1)),
          remove(rowOf("a", 1)),
          put(rowOf("a", 3)),
          put(rowOf("b", 1)),
          remove(rowOf("b", 1)),
        ],
      },
    );
    const loaded = await log.load(organization, { kinds: ["number"] });
    assert.deepEqual(loaded.rows, [rowOf("a", 3)]);
  });

  test("append leaves rows alone when they are another organization's", async () => {
    const log = theLog();
    const [one, other] = [newOrganization(), newOrganization()];
    await appended(log, appendTo(one, { rows: [rowOf("a", "one")] }));
    await appended(log, appendTo(other, { rows: [rowOf("a", "other")] }));
    await appended(log, appendTo(other, { expected: "any", removed: [rowOf("a", 1)] }));
    assert.deepEqual((await log.load(one, { kinds: ["number"] })).rows, [rowOf("a", "one")]);
    assert.deepEqual((await log.load(other, { kinds: ["number"] })).rows, []);
  });
};

const ageing = (test: Test, theLog: TheLog): void => {
  test("append removes all rows of a kind that are below a key, before it puts others", async () => {
    const log = theLog();
    const organizations = [newOrganization(), newOrganization(), newOrganization()];
    const keys = ["a", "b", "b:1", "\u{ff21}", "\u{1f600}"];
    const before = [...keys.map((key) => rowOf(key, 1)), rowOf("a", 2, "plan")];
    for (const organization of organizations) {
      await appended(log, appendTo(organization, { rows: before }));
    }
    // Together, so that a log may append them in one step; the third changes nothing below.
    const [rows, removed] = [[rowOf("b:1", 3), rowOf("c", 4)], [rowOf("\u{ff21}", 0)]];
    const belows = [[rowOf("b:1", 0)], [rowOf("\u{1f600}", 0), rowOf("b", 0)], []];
    await Promise.all(organizations.map((organization, place) => {
      const below = belows[place];
      const changes = place === 0 ? { rows, removed } : {};
      return appended(log, appendTo(organization, { expected: "any", ...changes, below }));
    }));
    const kept = async (organization: string | undefined) =>
      (await log.load(organization ?? "", { kinds: ["number", "plan"] })).rows;
    const [plan] = before.slice(-1);
    assert.deepEqual(await kept(organizations[0]), [...rows, rowOf("\u{1f600}", 1), plan]);
    assert.deepEqual(await kept(organizations[1]), [rowOf("\u{1f600}", 1), plan]);
    assert.deepEqual(await kept(organizations[2]), before);
    const next = { expected: "any", below: [rowOf("z", 0, "plan")] } as const;
    await appended(log, appendTo(organizations[0] ?? "", next));
    assert.deepEqual(await kept(organizations[0]), [...rows, rowOf("\u{1f600}", 1)]);
  });
};

/** Positions, expected heads and rows. */
export const appending = (test: Test, theLog: TheLog): void => {
  positions(test, theLog);
  heads(test, theLog);
  rows(test, theLog);
  ageing(test, theLog);
};
