/** `ledgerline listen` with a real server, and a real target that fails, hangs and is restarted. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { openForwarder } from "../../adapters/cli/listen/forward.ts";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import type { WebhookEvent } from "../../adapters/webhooks/receiver/events.ts";
import { CURSOR, EXAMPLES } from "../../http/events/examples.ts";
import { newFolder, removeServers, startServer } from "../support/server.ts";
import { atServer } from "./at-server.ts";
import { listening as answering } from "./listening.ts";
import { run } from "./session.ts";

after(removeServers);

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

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
  // In order; what was taken as the target ended may be sent once more.
  const inOrder = taken.filter((amount, place) => amount !== taken[place - 1]);
  assert.deepEqual(inOrder, ["1.00", "2.00", "3.00"]);
  assert.ok(told.err.includes(SECRET));
  second.close();
  second.closeAllConnections();
});

test("each is posted once, in order, where a target fails, breaks off and hangs, and then takes all", async () => {
  const got: string[] = [];
  const handle: RequestListener = async (request, response) => {
    got.push(String(request.headers["webhook-id"]));
    const end = (status: number) => void response.writeHead(status).end();
    if (got.length === 1) return end(500);
    if (got.length === 2) return void request.socket.destroy();
    if (got.length > 3) end(204);
  };
  const { url, close } = await answering(handle);
  const notes: string[] = [];
  const screen = {
    line: () => Promise.resolve(),
    note: (text: string) => void notes.push(text),
    bold: (text: string) => text,
    confirm: () => Promise.resolve(null),
  };
  const stopped = new AbortController().signal;
  const forward = openForwarder({ forward: url, secret: SECRET }, { screen, stopped }, 50);
  assert.ok(forward);
  const ids = ["ev_1", "ev_2", "ev_3"];
  for (const id of ids) await forward({ ...EXAMPLES["credits.added"], id } as WebhookEvent);
  close();
  assert.deepEqual(got, ["ev_1", "ev_1", "ev_1", ...ids]);
  const [, failed, broken, hung, ...more] = notes;
  assert.match(failed ?? "", /answers 500; ev_1 is sent again$/);
  assert.match(broken ?? "", /cannot be reached: .*; ev_1 is sent again$/);
  assert.match(hung ?? "", /did not answer within 0\.05 s; ev_1 is sent again$/);
  assert.deepEqual(more, []);
});

test("it goes on, with nothing lost or twice, where the ledger's server is restarted", async () => {
  const { server, environment, credit } = await atServer();
  await credit("1.00");
  const words = ["--json", "--after", "0", "--types", "credits.added"];
  const { told, until, ended, stop } = started(words, environment);
  await until(() => told.out.includes('"1.00"'));
  await server.kill("SIGTERM");
  await until(() => told.err.includes("cannot be reached"));
  const { folder, port } = server;
  const again = await startServer({ folder, environment: { PORT: String(port) } });
  await again.admin("POST", "/admin/organizations/acme/credits", { amount: "2.00" });
  await until(() => told.out.includes('"2.00"'));
  stop();
  assert.equal((await ended)[0], 0, told.err);
  const events = told.out.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(events.map(({ data }) => data.amount), ["1.00", "2.00"]);
});

test("it ends, and says so, where the log has forked from what it has printed", async () => {
  const event = { ...EXAMPLES["credits.added"], cursor: CURSOR };
  const pages = [
    [200, { events: [event], next: CURSOR }],
    [409, { code: "FEED_FORKED", detail: "The log has another past than the cursor." }],
  ] as const;
  let asked = 0;
  const { url, close } = await answering((_, response) => {
    const [status, body] = pages[asked++] ?? [500, {}];
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  const { told, ended } = started(["--json"], { LEDGERLINE_URL: url, LEDGERLINE_TOKEN: "x" });
  assert.equal((await ended)[0], 1, told.err);
  close();
  assert.deepEqual(JSON.parse(told.out), event);
  assert.match(told.err, /another past than the cursor\. \(FEED_FORKED\)/);
  assert.equal(asked, 2);
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
