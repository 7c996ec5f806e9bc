/** The README is held to what it says: its session is run verbatim, against a real server. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { MAGIC } from "../../adapters/carrier/sandbox/magic.ts";
import { removeServers, startServer } from "../support/server.ts";

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

const README = read("README.md");

const blocks = [...README.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = ""]) => text.trim());

/** What the session is said to print, a line for each answer; `…` is what is left out. */
const SHOWN = (/^```text\n(.*?)^```$/ms.exec(README)?.[1] ?? "").trim().split("\n");

/** Whether a line has all parts of what is shown, in their order; it begins and ends as shown. */
const showsLine = (shown: string, line: string): boolean => {
  const parts = shown.split("…");
  let from = 0;
  for (const part of parts) {
    const at = line.indexOf(part, from);
    if (at < 0 || (from === 0 && at !== 0)) return false;
    from = at + part.length;
  }
  return shown.endsWith("…") || from === line.length;
};

after(removeServers);

test("the README has at most 200 lines", () => {
  assert.ok(README.trimEnd().split("\n").length <= 200);
});

test("the README begins with two commands that are complete", () => {
  assert.deepEqual(blocks.slice(0, 2), ["npm install && npm start", "npm install && npm test"]);
});

test("the README's session does what it says, call by call", async () => {
  const start = blocks.find((block) => block.startsWith("ADMIN_TOKEN=")) ?? "";
  const variables = [...start.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name, value]);
  const environment = Object.fromEntries(variables);
  const server = await startServer({ environment });
  const session = blocks.find((block) => block.startsWith("url=")) ?? "";
  assert.ok(session.includes("http://localhost:8787"));
  // Every answer on a separate line, and the first that is an error ends it.
  const script = `set -euo pipefail
    curl() { command curl --fail-with-body "$@" && echo; }
    ${session.replace("http://localhost:8787", server.url)}`;
  const { stdout } = await promisify(execFile)("bash", ["-c", script]);
  const lines = stdout.trim().split("\n");
  assert.equal(lines.length, SHOWN.length);
  SHOWN.forEach((shown, index) =>
    assert.ok(showsLine(shown, lines[index] ?? ""), `${shown}\n${lines[index]}`)
  );
  const answers = lines.map((line) => JSON.parse(line));
  const [opened, found, bought, talkturo, talkover, speko, assigned, clock, renewed, released] =
    answers;
  assert.equal(opened.plan, "Growth");
  assert.equal(found.numbers[0].phoneNumber, "+14155550101");
  assert.equal(bought.phoneNumber.status, "active");
  assert.equal(talkturo.numbers[0].phone_number, "+14155550101");
  assert.equal(talkover.data[0].formatted_number, "(415) 555-0101");
  assert.equal(speko[0].e164, "+14155550101");
  assert.equal(assigned.numbers[0].assistant_id, "asst_1");
  assert.equal(clock.now, "2026-03-02T10:00:00Z");
  assert.equal(renewed.lastChargedAt, "2026-02-28T10:00:00Z");
  assert.equal(renewed.nextChargeAt, "2026-03-31T10:00:00Z");
  assert.deepEqual(released, { released: true });
  const history = answers[10].events.map(({ type }: { type: string }) => type);
  assert.deepEqual(history, [
    "PurchaseRequested",
    "ChargeStarted",
    "Charged",
    "NumberPurchased",
    "NumberAssigned",
    "NoticeGiven",
    "ChargeStarted",
    "Charged",
    "Renewed",
    "NumberUnassigned",
    "ReleaseStarted",
    "Released",
  ]);
});

test("the README of the carriers lists every magic number", () => {
  const text = read("adapters/carrier/README.md");
  const listed = [...text.matchAll(/`\+1 NPA (\d{3}) (\d{4})`/g)].map(([, a, b]) => `${a}${b}`);
  assert.deepEqual(listed, Object.keys(MAGIC));
});
