/** What `verify` proves, and with which status it says so. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { verdictOn } from "../../adapters/cli/verify.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { Head } from "../../core/ports.ts";
import { appendTo, drafts, headOf, history } from "../harness/contract/log/support.ts";

const folder = mkdtempSync(join(tmpdir(), "ledgerline-verify-"));
after(() => rmSync(folder, { recursive: true }));

let [acme, other]: [readonly string[], readonly string[]] = [[], []];
let head: Head = { position: 0, hash: "" };
let middle = head;

before(async () => {
  const log = openMemoryLog();
  for (const organization of ["acme", "other"]) {
    await log.append(appendTo(organization, { events: drafts(5) }));
  }
  const events = await history(log, "acme");
  acme = events.map((event) => JSON.stringify(event));
  other = (await history(log, "other")).map((event) => JSON.stringify(event));
  head = await headOf(log, "acme");
  middle = events[2] ?? head;
});

const verdict = (lines: readonly string[], kept: Head | null = null) => {
  const file = join(folder, "export.jsonl");
  writeFileSync(file, lines.map((line) => `${line}\n`).join(""));
  return verdictOn(file, kept);
};

test("0: the export is what led to the head kept, or goes on from it", async () => {
  assert.deepEqual(await verdict(acme, head), {
    status: 0,
    says: `intact: ${head.position}:${head.hash}`,
  });
  const { status, says } = await verdict(acme, middle);
  assert.equal(status, 0);
  assert.match(says, /^intact: 5:[0-9a-f]{64}, of which the last 2 came after the head kept$/);
});

test("3: without a head it is consistent and no more, also where its end is missing", async () => {
  for (const count of [1, 3, 5]) {
    const { status, says } = await verdict(acme.slice(0, count));
    assert.equal(status, 3);
    assert.match(says, new RegExp(`^consistent: ${count}:[0-9a-f]{64} of "acme"; that is all`));
    assert.doesNotMatch(says, /intact/);
  }
});

test("4: an empty export proves nothing; with a head, 1: it lacks it", async () => {
  const { status, says } = await verdict([]);
  assert.equal(status, 4);
  assert.match(says, /^empty: /);
  assert.equal((await verdict([], head)).status, 1);
});

test("1: cut off, doubled, swapped, of two organizations, of another, or half a line", async () => {
  const wrong: readonly (readonly [readonly string[], Head | null])[] = [
    [acme.slice(0, 4), head],
    [acme.slice(1), null],
    [[...acme, ...acme.slice(4)], null],
    [[...acme.slice(0, 2), ...acme.slice(1)], null],
    [acme.toReversed(), null],
    [[...acme.slice(0, 2), ...other.slice(2)], null],
    [[...acme, ...other], null],
    [other, head],
    [[...acme.slice(0, 4), (acme[4] ?? "").slice(0, 40)], null],
    [acme.map((line) => line.replace('"acme"', '"acmf"')), null],
    [[...acme, ""], null],
  ];
  for (const [lines, kept] of wrong) {
    const { status, says } = await verdict(lines, kept);
    assert.equal(status, 1, says);
    assert.match(says, /^not intact: /);
  }
  const { says } = await verdict([...acme, ...other]);
  assert.equal(says, 'not intact: line 6 is an event of "other", and line 1 one of "acme"');
});
