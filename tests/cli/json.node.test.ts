/** With `--json` a program reads what a command prints; without it, people do. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ROOT } from "../tidy/command.ts";
import { listening } from "./listening.ts";
import { run } from "./session.ts";

const RECORD = {
  id: "x_1",
  e164: "+14155550101",
  name: "Growth",
  plan: "Growth",
  credits: "5.00",
  token: "x_1.secret",
  released: true,
  status: "active",
  outcome: "done",
  position: 7,
};

/** What any of the calls answers, as far as a command reads it. */
const ANSWER = {
  ...RECORD,
  ...Object.fromEntries(
    ["organizations", "tokens", "plans", "offers", "numbers", "events", "work", "drifts"]
      .map((name) => [name, [RECORD, RECORD]]),
  ),
  next: null,
};

/** Each command that speaks to a ledger, and how many lines of JSON it prints. */
const LINES: Readonly<Record<string, number>> = {
  "organization open x_1": 1,
  "organization list": 2,
  "organization show x_1": 1,
  "organization credit x_1 5": 1,
  "organization close x_1 --yes": 1,
  "token issue x_1 --email a@b.example": 1,
  "token list x_1": 2,
  "token revoke x_1": 1,
  "plan list": 2,
  "plan show Growth": 1,
  "plan set x_1 Growth": 1,
  "search": 2,
  "buy +14155550101 --yes": 1,
  "list": 2,
  "list --all": 2,
  "history x_1": 2,
  "history x_1 --as-operator": 2,
  "show x_1": 1,
  "release x_1 --yes": 1,
  "release x_1 --yes --as-operator": 1,
  "work": 2,
  "work run number x_1": 1,
  "reconcile": 1,
};

describe("what is printed", () => {
  let url = "";
  let close = (): void => {};
  before(async () => {
    ({ url, close } = await listening(({ url: path, method }, response) => {
      if (method === "DELETE" && path?.startsWith("/admin/tokens/") === true) {
        return void response.writeHead(204).end();
      }
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(ANSWER));
    }));
  });
  after(() => close());

  const printed = async (line: string): Promise<readonly string[]> => {
    const environment = {
      LEDGERLINE_URL: url,
      LEDGERLINE_TOKEN: "tk_1.secret",
      ADMIN_TOKEN: "operators-secret",
    };
    const { status, out, err } = await run(line.split(" "), environment);
    assert.equal(status, 0, `${line}: ${err}`);
    return out;
  };

  for (const [line, count] of Object.entries(LINES)) {
    test(`is JSON with --json, and else not: ${line}`, async () => {
      const lines = await printed(`${line} --json`);
      assert.equal(lines.length, count);
      for (const text of lines) {
        const read: unknown = JSON.parse(text);
        assert.ok(typeof read === "object" && read !== null, text);
      }
      const shown = await printed(line);
      assert.ok(shown.length > 0 && shown.every((text) => /^[^{]/.test(text)), shown.join("\n"));
    });
  }

  // `listen` prints until it is stopped, and is tried in a file of its own.
  const elsewhere = ["init", "mcp", "listen"];

  test("is tried above of every command that speaks to a ledger", () => {
    const text = readFileSync(join(ROOT, "adapters/cli/README.md"), "utf8");
    const rows = [...text.matchAll(/^\| `([a-z ]+)` +\| .* (?:operator|organization) +\|$/gm)]
      .map(([, name = ""]) => name).filter((name) => !elsewhere.includes(name));
    assert.ok(rows.length > 15);
    for (const name of rows) {
      assert.ok(Object.keys(LINES).some((line) => `${line} `.startsWith(`${name} `)), name);
    }
  });
});
