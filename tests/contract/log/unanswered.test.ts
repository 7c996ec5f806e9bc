/** Appends whose answers are lost, on a database that says when they are. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { EventLog } from "../../../core/ports/mod.ts";
import type { Database } from "../../../adapters/log/sql/database.ts";
import { openSqlLog } from "../../../adapters/log/sql/log.ts";
import {
  appended,
  appendTo,
  drafts,
  eventsIn,
  newNumber,
  newOrganization,
} from "../../harness/contract/log/support.ts";
import { sharedDatabase } from "../../support/database.ts";

const database = sharedDatabase();

const lost = (): never => {
  throw new Unavailable("the connection was lost");
};

const isAppend = (sql: string): boolean => sql.includes("insert into ledgerline.event");

type Trouble = {
  /** Before the first append is sent: true if it never arrives. */
  readonly swallowed?: boolean;
  /** After the first append was lost, before it is tried again. */
  readonly meanwhile?: () => Promise<unknown>;
};

/** A log of which the first append gets no answer, whether it is done or not. */
const openTroubled = ({ swallowed = false, meanwhile }: Trouble = {}): EventLog => {
  let isFirst = true;
  const query: Database["query"] = async (sql, parameters) => {
    if (!isAppend(sql) || !isFirst) return await database().query(sql, parameters);
    isFirst = false;
    if (!swallowed) await database().query(sql, parameters);
    await meanwhile?.();
    return lost();
  };
  return openSqlLog({ query }, () => Promise.resolve());
};

const command = { id: "c-1", fingerprint: "f" };

describe("an append without an answer", () => {
  for (const swallowed of [false, true]) {
    const what = swallowed ? "was never done" : "was done";
    for (const expected of ["the head", "any head"] as const) {
      for (const id of [command, null]) {
        const whose = id === null ? "without a command" : "with a command";
        test(`is there once when it ${what}, at ${expected}, ${whose}`, async () => {
          const log = openTroubled({ swallowed });
          const organization = newOrganization();
          const events = drafts(3);
          const atHead = expected === "the head" ? {} : { expected: "any" as const };
          const outcome = await appended(
            log,
            appendTo(organization, { ...atHead, events, command: id }),
          );
          assert.deepEqual(await eventsIn(log, organization), outcome.events);
          assert.equal(outcome.head.position, 3);
        });
      }
    }
  }

  test("takes its number when it was done", async () => {
    const log = openTroubled();
    const [organization, e164] = [newOrganization(), newNumber()];
    await appended(log, appendTo(organization, { claims: [{ key: e164, holder: "pn_1" }] }));
    const held = (await log.load(organization, { claims: [e164] })).claims[0];
    assert.deepEqual(held, { key: e164, organization, holder: "pn_1" });
  });

  test("does not keep the others of its batch from being there once", async () => {
    const log = openTroubled();
    const organizations = Array.from({ length: 10 }, () => newOrganization());
    await Promise.all(organizations.map((each) => appended(log, appendTo(each))));
    for (const each of organizations) assert.equal((await eventsIn(log, each)).length, 1);
  });
});

describe("an append without an answer, while others append", () => {
  test("is a conflict when it was never done and another took its place", async () => {
    const organization = newOrganization();
    const other = openSqlLog(database(), () => Promise.resolve());
    const actor = { kind: "ledger", automation: "tested" } as const;
    const log = openTroubled({
      swallowed: true,
      meanwhile: () => other.append(appendTo(organization, { actor })),
    });
    const outcome = await log.append(appendTo(organization, { events: drafts(2) }));
    assert.equal(outcome.outcome, "conflict");
    assert.equal((await eventsIn(log, organization)).length, 1);
  });

  test("follows at any head when it was never done and another took its place", async () => {
    const organization = newOrganization();
    const other = openSqlLog(database(), () => Promise.resolve());
    const log = openTroubled({
      swallowed: true,
      meanwhile: () => other.append(appendTo(organization)),
    });
    const { head } = await appended(
      log,
      appendTo(organization, { expected: "any", events: drafts(2) }),
    );
    assert.equal(head.position, 3);
    assert.equal((await eventsIn(log, organization)).length, 3);
  });

  test("is there once when others have followed it before it was looked for", async () => {
    const organization = newOrganization();
    const other = openSqlLog(database(), () => Promise.resolve());
    const log = openTroubled({
      meanwhile: () => other.append(appendTo(organization, { expected: "any" })),
    });
    const { head } = await appended(log, appendTo(organization, { expected: "any" }));
    assert.equal(head.position, 1);
    assert.equal((await eventsIn(log, organization)).length, 2);
  });

  test("fails with Unavailable when none comes for long", { timeout: 600_000 }, async () => {
    let sent = 0;
    const query: Database["query"] = (sql, parameters) => {
      if (!isAppend(sql)) return database().query(sql, parameters);
      sent += 1;
      return Promise.reject(new Unavailable("the connection was lost"));
    };
    const log = openSqlLog({ query }, () => Promise.resolve());
    const organization = newOrganization();
    await assert.rejects(log.append(appendTo(organization)), Unavailable);
    assert.ok(sent > 1 && sent <= 10, String(sent));
    assert.deepEqual(await eventsIn(log, organization), []);
  });
});

describe("an append without an answer, whose number another takes", () => {
  test("is not answered that its number is another's, since it may be committed yet", async () => {
    const [organization, holder, e164] = [newOrganization(), newOrganization(), newNumber()];
    const held = { key: e164, holder: "pn_1" };
    const other = openSqlLog(database(), () => Promise.resolve());
    const late: Parameters<Database["query"]>[] = [];
    const query: Database["query"] = async (...statement) => {
      if (!isAppend(statement[0]) || late.length > 0) return await database().query(...statement);
      late.push(statement);
      await appended(other, appendTo(holder, { claims: [held] }));
      return lost();
    };
    const log = openSqlLog({ query }, () => Promise.resolve());
    const append = appendTo(organization, { claims: [{ key: e164, holder: "pn_2" }] });
    await assert.rejects(log.append(append), Unavailable);
    await appended(other, appendTo(holder, { expected: "any", free: [held] }));
    for (const statement of late) await database().query(...statement);
    assert.equal((await eventsIn(log, organization)).length, 1);
  });
});
