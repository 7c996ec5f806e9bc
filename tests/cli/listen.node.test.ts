/** `ledgerline listen` with a real server, and a real target that fails, hangs and is restarted. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { ADMIN_TOKEN, requesterTo } from "../support/app.ts";
import { newFolder, removeServers, startServer } from "../support/server.ts";
import { run } from "./session.ts";

after(removeServers);

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

const atServer = async () => {
  const { url } = await startServer();
  const ask = requesterTo(url);
  const operator = { token: ADMIN_TOKEN };
  const acme = "/admin/organizations/acme";
  await ask("PUT", acme, { ...operator, body: { name: "Acme", plan: "Growth" } });
  const { json } = await ask("POST", `${acme}/tokens`, {
    ...operator,
    body: { email: "alice@example.com", name: "Alice" },
  });
  const credit = (amount: string) =>
    ask("POST", `${acme}/credits`, { ...operator, body: { amount } });
  return { environment: { LEDGERLINE_URL: url, LEDGERLINE_TOKEN: json.token }, credit };
};

/** Starts it; gives what it printed, once that is as wished. */
const started = (words: readonly string[], environment: Readonly<Record<string, string>>) => {
  const program = ["--import", "tsx", "adapters/cli/main.ts", "listen", ...words];
  const child = spawn(process.execPath, program, { env: { ...process.env, ...environment } });
  const told = { out: "", err: "" };
  child.stdout.on("data", (text) => (told.out += text));
  child.stderr.on("data", (text) => (told.err += text));
  const ended = once(child, "close");
  const until = async (isThere: () => boolean): Promise<void> => {
    while (!isThere()) {
      await Promise.race([once(child.stdout, "data"), once(child.stderr, "data")]);
    }
  };
  return { told, until, ended, stop: () => child.kill("SIGINT") };
};

const listening = async (handle: RequestListener, port = 0): Promise<Server> => {
  const server = createServer(handle).listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
};

test("each event is a line, of the wanted types, from a place on, and it ends on a signal", async () => {
  const { environment, credit } = await atServer();
  await credit("1.00");
  const words = ["--json", "--after", "0", "--types", "credits.added"];
  const { told, until, ended, stop } = started(words, environment);
  await until(() => told.out.includes('"1.00"'));
  await credit("2.00");
  await until(() => told.out.includes('"2.00"'));
  stop();
  assert.deepEqual((await ended)[0], 0, told.err);
  const events = told.out.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(events.map(({ type }) => type), ["credits.added", "credits.added"]);
});

test("each is posted in order and signed, until a target takes it that fails and restarts", async () => {
  const { environment, credit } = await atServer();
  const taken: string[] = [];
  const progress = new EventEmitter();
  let attempts = 0;
  const handle: RequestListener = async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    attempts += 1;
    if (attempts === 1) return void response.writeHead(500).end();
    if (attempts === 2) return void request.socket.destroy();
    const headers = request.headers as Record<string, string>;
    const { data, id } = new Webhook(SECRET).verify(body, headers) as {
      readonly id: string;
      readonly data: { readonly amount: string };
    };
    assert.equal(id, headers["webhook-id"]);
    taken.push(data.amount);
    progress.emit("taken");
    response.writeHead(204).end();
  };
  const first = await listening(handle);
  const { port } = first.address() as AddressInfo;
  await credit("1.00");
  const words = ["--after", "0", "--types", "credits.added", "--secret", SECRET];
  const forward = ["--forward", `http://127.0.0.1:${port}/hook`];
  const { told, until, ended, stop } = started([...words, ...forward], environment);
  while (taken.length < 1) await once(progress, "taken");
  first.close();
  first.closeAllConnections();
  await once(first, "close");
  await credit("2.00");
  await until(() => told.err.split("cannot be reached").length > 2);
  await credit("3.00");
  const second = await listening(handle, port);
  while (taken.length < 3) await once(progress, "taken");
  stop();
  assert.equal((await ended)[0], 0, told.err);
  assert.deepEqual([...new Set(taken)], ["1.00", "2.00", "3.00"]);
  assert.ok(told.err.includes(SECRET));
  second.close();
  second.closeAllConnections();
});

test("those of an organization in a folder are printed, too", async () => {
  const folder = newFolder();
  await (await openPgliteLog({ folder })).close();
  const environment = { DATA_DIR: folder };
  const opened = await run(["organization", "open", "acme", "--plan", "Growth"], environment);
  assert.equal(opened.status, 0, opened.err);
  const words = ["--local", "--organization", "acme", "--after", "0"];
  const { told, until, ended, stop } = started(words, environment);
  await until(() => told.out.includes("organization.opened"));
  stop();
  assert.equal((await ended)[0], 0, told.err);
});

test("words that do not fit, and servers that refuse or are away, are told by the status", async () => {
  const away = { LEDGERLINE_URL: "http://127.0.0.1:9", LEDGERLINE_TOKEN: "x" };
  for (
    const [words, status] of [
      [["--forward", "ftp://x"], 2],
      [["--forward", "http://a:b@localhost/"], 2],
      [["--forward", "http://localhost/", "--secret", "whsec_x"], 2],
      [["--secret", SECRET], 2],
      [[], 3],
    ] as const
  ) {
    const { told, ended } = started(words, away);
    assert.equal((await ended)[0], status, told.err);
  }
});
