/** `ledgerline mcp`, as hosts of agents start it, driven by the official client. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, test } from "node:test";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { newFolder, removeServers } from "../support/server.ts";
import { atServer } from "./at-server.ts";
import { run } from "./session.ts";

const PROGRAM = ["--import", "tsx", "adapters/cli/main.ts", "mcp"];
const NUMBER = "+14155550101";

after(removeServers);

type Environment = Readonly<Record<string, string>>;

const connected = async (
  words: readonly string[],
  environment: Environment,
  mode: "auto" | "legacy" = "auto",
): Promise<Client> => {
  const client = new Client(
    { name: "tests", version: "1" },
    { versionNegotiation: { mode } },
  );
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [...PROGRAM, ...words],
      env: { ...process.env, ...environment } as Record<string, string>,
      stderr: "ignore",
    }),
  );
  return client;
};

const bought = async (client: Client): Promise<unknown> => {
  await client.listTools();
  const use = async (name: string, given: Readonly<Record<string, unknown>>) =>
    (await client.callTool({ name, arguments: given })).structuredContent as Readonly<
      Record<string, unknown>
    >;
  const { confirmation } = await use("buy_number", { e164: NUMBER });
  const { bought: isBought } = await use("buy_number", { e164: NUMBER, confirmation });
  assert.equal(isBought, true);
  const { numbers } = await use("list_numbers", {});
  return (numbers as readonly { readonly e164: string }[]).map(({ e164 }) => e164);
};

for (const mode of ["auto", "legacy"] as const) {
  test(`an agent buys a number at a server, by its token (${mode})`, async () => {
    const { environment } = await atServer();
    const client = await connected([], environment, mode);
    assert.deepEqual(await bought(client), [NUMBER]);
    await client.close();
  });
}

test("an agent buys a number of an organization in a folder", async () => {
  const folder = newFolder();
  await (await openPgliteLog({ folder })).close();
  const environment = { DATA_DIR: folder };
  const opened = await run(["organization", "open", "acme", "--plan", "Growth"], environment);
  assert.equal(opened.status, 0, opened.err);
  const client = await connected(["--local", "--organization", "acme"], environment);
  assert.deepEqual(await bought(client), [NUMBER]);
  await client.close();
});

/** Runs it with these lines, until it ends; gives its status and what it printed. */
const converse = (lines: readonly string[], environment: Environment) =>
  new Promise<{ status: number | null; out: readonly string[]; err: string }>((resolve) => {
    const child = spawn(process.execPath, PROGRAM, { env: { ...process.env, ...environment } });
    let [out, err] = ["", ""];
    child.stdout.on("data", (text) => (out += text));
    child.stderr.on("data", (text) => (err += text));
    child.on("close", (status) => {
      resolve({ status, out: out.split("\n").filter((line) => line !== ""), err });
    });
    child.stdin.on("error", () => {});
    child.stdin.end(lines.map((line) => `${line}\n`).join(""));
  });

test("each line is answered by its id, and what cannot be read by an error", async () => {
  const { environment } = await atServer();
  const ask = (id: unknown, method: string) => JSON.stringify({ jsonrpc: "2.0", id, method });
  const { status, out, err } = await converse([
    "no message",
    "",
    JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" }),
    ...Array.from({ length: 20 }, (_, place) => ask(place, "tools/list")),
    ask("x", "drop/tables"),
    "[]",
  ], environment);
  assert.deepEqual([status, err], [0, ""]);
  const answers = out.map((line) => JSON.parse(line));
  const listed = answers.filter(({ result }) => result !== undefined);
  assert.deepEqual(
    listed.map(({ id }) => id).toSorted((a, b) => a - b),
    Array.from({ length: 20 }, (_, place) => place),
  );
  assert.ok(listed.every(({ result }) => result.tools.length === 8));
  const errors = answers.filter(({ error }) => error !== undefined);
  assert.deepEqual(errors.map(({ id }) => id).toSorted(), [null, null, "x"]);
  assert.equal(answers.length, 23);
});

test("it ends with its reason where nobody can be served", async () => {
  const { environment } = await atServer();
  const cases: readonly (readonly [Environment, number, RegExp])[] = [
    [{ ...environment, LEDGERLINE_TOKEN: "wrong" }, 1, /Unauthorized/],
    [{ ...environment, LEDGERLINE_TOKEN: "" }, 2, /LEDGERLINE_TOKEN .* must be set/],
    [{ ...environment, LEDGERLINE_URL: "http://127.0.0.1:9" }, 3, /cannot be reached/],
  ];
  for (const [given, expected, why] of cases) {
    const { status, out, err } = await converse([], given);
    assert.deepEqual([status, out], [expected, []], err);
    assert.match(err, why);
  }
});
