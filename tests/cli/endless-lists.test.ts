/** Lists of a server that never ends them. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { printPages } from "../../adapters/cli/calls/print.ts";
import { closeOrganization } from "../../adapters/cli/calls/writes.ts";
import type { Question, Target } from "../../adapters/cli/target/mod.ts";
import { runs } from "../support/runs.ts";

/** A target that answers so, and how often it was asked. */
const openTarget = (answer: (asked: number, question: Question) => unknown) => {
  let asked = 0;
  const target: Target = {
    organization: null,
    where: "there",
    ask: (question) => Promise.resolve({ status: 200, json: answer(++asked, question) }),
    close: () => Promise.resolve(),
  };
  const lines: string[] = [];
  const screen = {
    line: (text: string) => Promise.resolve(void lines.push(text)),
    note: (text: string) => void lines.push(text),
    bold: (text: string) => text,
    confirm: () => Promise.resolve(null),
  };
  return { context: { target, screen, isJson: true }, lines, askedFor: () => asked };
};

const LIST = { as: "operator", path: "/", items: "numbers", columns: [], empty: "none" } as const;

const STUCK =
  /^CommandFailed: there does not answer as a Ledgerline server: its list does not go on$/;

describe("a list ends", () => {
  test("where its cursors come again, wherever that begins and however many they are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(60), fc.integer({ min: 1, max: 60 }), async (before, round) => {
        const cursorOf = (place: number): number =>
          place < before ? place : before + (place - before) % round;
        const { context, askedFor } = openTarget((asked) => ({
          numbers: [{}],
          next: cursorOf(asked),
        }));
        await assert.rejects(printPages(context, LIST), STUCK);
        assert.ok(askedFor() <= 4 * (before + round) + 4, String(askedFor()));
      }),
      { numRuns: runs(200) },
    );
  });

  test("where nothing comes for long", async () => {
    const { context, askedFor } = openTarget((asked) => ({ numbers: [], next: `p${asked}` }));
    await assert.rejects(printPages(context, LIST), STUCK);
    assert.equal(askedFor(), 10_001);
  });

  test("at its own end, whatever is between its records", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { minLength: 1, maxLength: 300 }), async (pages) => {
        const { context, lines, askedFor } = openTarget((asked) => ({
          numbers: Array.from({ length: pages[asked - 1] ?? 0 }, () => ({})),
          next: asked === pages.length ? null : `p${asked}`,
        }));
        await printPages(context, LIST);
        assert.equal(askedFor(), pages.length);
        const records = pages.reduce((sum, page) => sum + page, 0);
        assert.deepEqual(lines, records === 0 ? ["none"] : Array(records).fill("{}"));
      }),
      { numRuns: runs(100) },
    );
  });
});

test("an organization is closed by so many calls at most", async () => {
  const { context, lines, askedFor } = openTarget((asked, { method }) => ({
    id: "acme",
    name: "Acme",
    ...(method === "DELETE" && { numbers: 1_000_000_000 - asked }),
  }));
  await closeOrganization(context, "acme", true);
  assert.equal(askedFor(), 10_001);
  assert.match(
    lines.at(-1) ?? "",
    /: \d+; a server ends that, and the same command says how many are left$/,
  );
});
