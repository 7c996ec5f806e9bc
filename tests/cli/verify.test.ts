/** What `verify` proves, and with which status it says so. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { verdictOn } from "../../adapters/cli/verify.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { Head } from "../../core/ports/mod.ts";
import { appendTo, drafts, eventsIn, headOf } from "../harness/contract/log/support.ts";

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
  const events = await eventsIn(log, "acme");
  acme = events.map((event) => JSON.stringify(event));
  other = (await eventsIn(log, "other")).map((event) => JSON.stringify(event));
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

test("1: a line is not to the byte what was exported, though its events may be the same", async () => {
  const edits: readonly (readonly [string, (line: string) => string, RegExp])[] = [
    ["a member more", (line) => line.replace("{", '{"subject":"pn_evil",'), /is not an event/],
    [
      "a member twice",
      (line) => line.replace("{", '{"organization":"evil",'),
      /as it was exported/,
    ],
    ["data twice", (line) => line.replace('"data":', '"data":{"evil":1},"data":'), /as it was exp/],
    [
      "a position with a point",
      (line) => line.replace(/"position":(\d+)/, '"position":$1.0'),
      /as/,
    ],
    ["a position as a power", (line) => line.replace(/"position":(\d+)/, '"position":$1e0'), /as/],
    ["a space", (line) => line.replace(",", ", "), /as it was exported/],
    ["an escape", (line) => line.replace('"acme"', '"\\u0061cme"'), /as it was exported/],
    ["__proto__", (line) => line.replace("{", '{"__proto__":{"evil":1},'), /is not an event/],
    ["a byte order mark", (line) => `\ufeff${line}`, /is not JSON/],
  ];
  for (const [what, edit, why] of edits) {
    for (const place of [0, 2, 4]) {
      const lines = acme.map((line, index) => index === place ? edit(line) : line);
      assert.notDeepEqual(lines, acme, what);
      const { status, says } = await verdict(lines, head);
      assert.equal(status, 1, what);
      assert.match(says, why);
      assert.match(says, new RegExp(`line ${place + 1} `));
    }
  }
});

test("1: what is not in UTF-8 is not taken for the character that readers put in its place", async () => {
  const log = openMemoryLog();
  const data = { text: "\ufffd\u2028\u2029\u0085 \r" };
  await log.append(appendTo("odd", { events: [{ type: "X", version: 1, data }] }));
  const [line = ""] = (await eventsIn(log, "odd")).map((event) => JSON.stringify(event));
  assert.equal((await verdict([line], await headOf(log, "odd"))).status, 0);
  const bytes = Buffer.from(`${line}\n`);
  const place = bytes.indexOf(Buffer.from("\ufffd"));
  const file = join(folder, "bytes.jsonl");
  writeFileSync(
    file,
    Buffer.concat([bytes.subarray(0, place), Buffer.from([0xff]), bytes.subarray(place + 3)]),
  );
  const { status, says } = await verdictOn(file, null);
  assert.deepEqual([status, says], [1, "not intact: line 1 is not in UTF-8"]);
});

test("1: a line does not end in one LF, as export ends every line", async () => {
  const file = join(folder, "ends.jsonl");
  const [windows, noEnd] = [/ ends in CR LF, and export/, / has no LF at its end/];
  const wrong: readonly (readonly [string, number, RegExp])[] = [
    [acme.join("\n"), 5, noEnd],
    [`${acme.join("\n")}\n${acme[0]?.slice(0, 40)}`, 6, noEnd],
    [acme.join("\r\n"), 1, windows],
    [`${acme.join("\r\n")}\r\n`, 1, windows],
    [`${acme.join("\n")}\r\n`, 5, windows],
    [`${acme.join("\n")}\r\r\n`, 5, windows],
    [`${acme.join("\n")}\r`, 5, /line 5/],
    [`${acme.join("\r")}\n`, 1, / is not JSON/],
    [`${acme.join("\n")}\n\r\n`, 6, windows],
  ];
  for (const [content, line, why] of wrong) {
    writeFileSync(file, content);
    for (const kept of [head, null]) {
      const { status, says } = await verdictOn(file, kept);
      assert.equal(status, 1, says);
      assert.match(says, why);
      assert.ok(says.startsWith(`not intact: line ${line} `), says);
    }
  }
});
