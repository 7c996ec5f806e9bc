import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { exportLog, followLog, printHeads, rebuild } from "../../adapters/cli/commands.ts";
import { verifyExport } from "../../adapters/cli/verify.ts";
import type { RebuildProgress } from "../../adapters/ledger/rebuild/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { headsOf } from "../../core/log/pages.ts";
import type { EventLog, Head, RecordedEvent } from "../../core/ports/mod.ts";
import { openTestApp, type TestApp } from "../support/app.ts";

const linesOf = async (command: (print: (line: string) => void) => Promise<unknown>) => {
  const lines: string[] = [];
  await command((line) => lines.push(line));
  return lines;
};

let log: EventLog;
let app: TestApp;
let lines: string[];
let head: Head;
const folder = mkdtempSync(join(tmpdir(), "ledgerline-cli-"));

const verify = (content: readonly string[], kept: Head | null = null) => {
  const file = join(folder, "export.jsonl");
  writeFileSync(file, content.map((line) => `${line}\n`).join(""));
  return verifyExport(file, kept);
};

before(async () => {
  log = openMemoryLog();
  app = openTestApp({ log });
  const token = await app.organization("acme");
  for (const phoneNumber of ["+14155550101", "+14155550198"]) {
    const body = { phoneNumber, teamId: "acme" };
    await app.request("POST", "/api/phone-numbers/purchase", { token, body });
  }
  await app.organization("other");
  lines = await linesOf((print) => exportLog(log, "acme", print));
  head = (await log.load("acme", {})).head;
});

after(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

test("heads prints position and hash of every organization", async () => {
  const [first, second, third, ...rest] = await linesOf((print) => printHeads(log, print));
  assert.equal(first, `acme ${head.position} ${head.hash}`);
  assert.match(second ?? "", /^ledgerline:reconciliations 2 [0-9a-f]{64}$/);
  assert.match(third ?? "", /^other \d+ [0-9a-f]{64}$/);
  assert.deepEqual(rest, []);
});

test("export, rebuild and follow refuse an organization that has no log, and print nothing", async () => {
  const printed: string[] = [];
  const print = (line: string) => void printed.push(line);
  const reason = { message: "there is no organization acne in the log" };
  await assert.rejects(exportLog(log, "acne", print), reason);
  await assert.rejects(rebuild(log, "acne", print, { show: () => {}, end: () => {} }), reason);
  const { signal } = new AbortController();
  await assert.rejects(
    followLog(log, "acne", 0, signal, (line) => Promise.resolve(print(line))),
    reason,
  );
  assert.deepEqual(printed, []);
});

test("verify finds an export intact, and prints its head", async () => {
  assert.deepEqual(await verify(lines), { ok: true, value: { ...head, organization: "acme" } });
  assert.deepEqual(await verify(lines, head), {
    ok: true,
    value: { ...head, organization: "acme" },
  });
});

test("verify finds an event that was changed, left out, or put elsewhere", async () => {
  const changed = lines.map((line) => line.replace("+14155550198", "+14155550199"));
  const shortened = lines.filter((_, index) => index !== 2);
  const swapped = [...lines.slice(0, 1), ...lines.slice(1, 3).toReversed(), ...lines.slice(3)];
  for (const content of [changed, shortened, swapped, ["not JSON"]]) {
    assert.equal((await verify(content)).ok, false);
  }
});

test("verify takes an actor whose keys are in another order than ours", async () => {
  const elsewhere = openMemoryLog();
  await elsewhere.append({
    organization: "embedder",
    expected: "any",
    at: 0,
    actor: { name: "Bob", email: "bob@example.com", tokenId: "tk_1", kind: "user" },
    command: null,
    events: [{ type: "OrganizationRenamed", version: 1, data: { name: "Bob's" } }],
    rows: [],
    claims: [],
    free: [],
  });
  const { head: last } = await elsewhere.load("embedder", {});
  const exported = await linesOf((print) => exportLog(elsewhere, "embedder", print));
  assert.deepEqual(await verify(exported), {
    ok: true,
    value: { ...last, organization: "embedder" },
  });
});

test("verify names the line that is not an event", async () => {
  const stranger = lines.map((line) => line.replace('"kind":"operator"', '"kind":"stranger"'));
  for (const content of [["null"], ["{}"], ["[]"], stranger]) {
    assert.deepEqual(await verify(content), { ok: false, error: "line 1 is not an event" });
  }
  const error = "line 2 is not JSON";
  assert.deepEqual(await verify([...lines.slice(0, 1), "{"]), { ok: false, error });
});

test("verify finds that an export ends before the head kept, or has another hash there", async () => {
  assert.deepEqual(await verify(lines.slice(0, -1), head), {
    ok: false,
    error: `the export ends at ${head.position - 1}, before the head kept`,
  });
  const other = { position: 3, hash: "0".repeat(64) };
  assert.deepEqual(await verify(lines, other), {
    ok: false,
    error: "position 3 is not what it was",
  });
});

const needs = { kinds: ["organization", "number", "offer", "token"] };

const rowsOfAcme = async () =>
  (await log.load("acme", needs)).rows.toSorted((a, b) => a.key < b.key ? -1 : 1);

test("rebuild computes all rows that are there, and says how many events it read", async () => {
  const live = await rowsOfAcme();
  assert.ok(live.length >= 4);
  const heads: number[] = [];
  for await (const page of headsOf(log)) heads.push(...page.map(({ head }) => head.position));
  const events = heads.reduce((sum, position) => sum + position, 0);
  const shown: RebuildProgress[] = [];
  let ended = 0;
  const meter = {
    show: (progress: RebuildProgress) => shown.push(progress),
    end: () => ended += 1,
  };
  const said = await linesOf((print) => rebuild(log, undefined, print, meter));
  assert.deepEqual(said, [`${events} events of ${heads.length} organizations`]);
  assert.deepEqual(shown.at(-1), { events, of: events, organizations: heads.length });
  assert.equal(ended, 1);
  assert.deepEqual(await rowsOfAcme(), live);
});

test("rebuild computes the rows of one organization", async () => {
  const live = await rowsOfAcme();
  const meter = { show: () => {}, end: () => {} };
  const said = await linesOf((print) => rebuild(log, "acme", print, meter));
  assert.deepEqual(said, [`acme: ${head.position} events`]);
  assert.deepEqual(await rowsOfAcme(), live);
});

test("rebuild names a log that does not follow its hash chain, and counts it", async () => {
  const forged = (event: RecordedEvent): RecordedEvent =>
    event.organization === "acme" && event.position === 3 ? { ...event, at: event.at + 1 } : event;
  const tampered: EventLog = {
    ...log,
    events: async (...asked) => (await log.events(...asked)).map(forged),
    scan: async (...asked) => (await log.scan(...asked)).map(forged),
  };
  const meter = { show: () => {}, end: () => {} };
  const why = '"acme": the log is not intact: the event at position 3 does not fit its hash and ' +
    "the event before it; its rows are of what is there";
  for (const [organization, count] of [[undefined, 1], ["acme", 1], ["other", 0]] as const) {
    let broken = -1;
    const said = await linesOf(async (print) => {
      broken = await rebuild(tampered, organization, print, meter);
    });
    assert.equal(broken, count);
    assert.deepEqual(said.slice(1), count === 0 ? [] : [why]);
    assert.equal(await rebuild(log, organization, () => {}, meter), 0);
  }
});
