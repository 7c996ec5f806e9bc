/**
 * Several copies of the package in one process, as two of its versions among a program's
 * dependencies make them: each entry point is bundled separately, so that it has its own classes.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type * as Client from "../../http/client-address.ts";
import type * as Core from "../../core/mod.ts";
import type * as Http from "../../adapters/package/http.ts";
import type * as Memory from "../../adapters/package/memory.ts";
import type * as Package from "../../adapters/package/mod.ts";
import type * as Sandbox from "../../adapters/package/sandbox.ts";
import { bundle, openProject } from "./bundling.ts";

const ENTRY_POINTS = "adapters/package";
const ADMIN_TOKEN = "admin-secret-of-two-copies";

let project = "";

/** A copy of what a source exports, in a separate file. */
const copyOf = async <Exports>(source: string, name: string): Promise<Exports> => {
  const outfile = join(project, `${name}.mjs`);
  await bundle({ entryPoints: [source], outfile, packages: "external" });
  return await import(pathToFileURL(outfile).href) as Exports;
};

let http: typeof Http;
let ours: typeof Package;
let theirs: typeof Package;
let core: typeof Core;
let memory: typeof Memory;
let sandbox: typeof Sandbox;

before(async () => {
  project = openProject();
  http = await copyOf(`${ENTRY_POINTS}/http.ts`, "http");
  ours = await copyOf(`${ENTRY_POINTS}/mod.ts`, "ours");
  theirs = await copyOf(`${ENTRY_POINTS}/mod.ts`, "theirs");
  core = await copyOf("core/mod.ts", "core");
  memory = await copyOf(`${ENTRY_POINTS}/memory.ts`, "memory");
  sandbox = await copyOf(`${ENTRY_POINTS}/sandbox.ts`, "sandbox");
});

/** An application whose log fails from now on, when it `breaks`. */
const openApp = async () => {
  const unexpected: unknown[] = [];
  const log = memory.openMemoryLog();
  let broken: Error | null = null;
  const failing = <Call extends (...given: never[]) => Promise<unknown>>(call: Call) =>
    ((...given: Parameters<Call>) =>
      broken === null ? call(...given) : Promise.reject(broken)) as Call;
  const ledger = await ours.openLedger({
    log: { ...log, load: failing(log.load), find: failing(log.find), heads: failing(log.heads) },
    carrier: sandbox.openSandboxCarrier(),
    runsAutomations: false,
    report: (_, error) => unexpected.push(error),
  });
  const onError = (error: unknown) => unexpected.push(error);
  const app = http.createApp({ ledger, adminToken: ADMIN_TOKEN, onError });
  const statusOf = async (path: string): Promise<number> => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
    return (await app.fetch(new Request(`http://localhost${path}`, { headers }))).status;
  };
  const breaks = (error: Error): void => {
    broken = error;
  };
  return { ledger, statusOf, breaks, unexpected };
};

const PATH = "/admin/organizations/acme";

describe("an application, a ledger and a log of different copies", () => {
  test("have their own classes, and know each other's objects", () => {
    assert.notEqual(ours.Busy, theirs.Busy);
    assert.notEqual(ours.Unavailable, core.Unavailable);
    assert.ok(new theirs.Busy("It") instanceof ours.Busy);
    assert.ok(new theirs.Closed() instanceof ours.Closed);
    assert.ok(new core.Unavailable("away") instanceof ours.Unavailable);
    assert.ok(!(new theirs.Closed() instanceof ours.Busy));
    const invalid = { code: "INVALID_ARGUMENT", path: "x", message: "x" } as const;
    assert.ok(new theirs.InvalidArgument(invalid) instanceof ours.InvalidArgument);
    const head = { position: 1, hash: "" };
    assert.ok(new theirs.ForkedLog("acme", head, head) instanceof ours.ForkedLog);
  });

  test("answer 503 while the log is unavailable", async () => {
    const { statusOf, breaks, unexpected, ledger } = await openApp();
    assert.equal(await statusOf(PATH), 404);
    assert.equal(await statusOf("/readyz"), 200);
    breaks(new core.Unavailable("away"));
    assert.equal(await statusOf(PATH), 503);
    assert.equal(await statusOf("/readyz"), 503);
    assert.deepEqual(unexpected, []);
    await ledger.close();
  });

  test("answer 503 while something is busy", async () => {
    const { statusOf, breaks, unexpected, ledger } = await openApp();
    breaks(new theirs.Busy("It"));
    assert.equal(await statusOf(PATH), 503);
    assert.deepEqual(unexpected, []);
    await ledger.close();
  });

  test("answer 503 once the ledger is closed", async () => {
    const { statusOf, unexpected, ledger } = await openApp();
    await ledger.close();
    assert.equal(await statusOf(PATH), 503);
    assert.deepEqual(unexpected, []);
  });

  test("answer 500, and report it, where the error belongs to no copy", async () => {
    const { statusOf, breaks, unexpected, ledger } = await openApp();
    const mistake = new Error("Unavailable");
    breaks(mistake);
    assert.equal(await statusOf(PATH), 500);
    assert.deepEqual(unexpected, [mistake]);
    await ledger.close();
  });

  test("know a client's address that the other one noted", async () => {
    const one = await copyOf<typeof Client>("http/client-address.ts", "client-one");
    const other = await copyOf<typeof Client>("http/client-address.ts", "client-other");
    const request = new Request("http://localhost/");
    assert.equal(other.clientOf(request), "");
    one.noteClient(request, "192.0.2.7");
    assert.equal(other.clientOf(request), "192.0.2.7");
    other.noteClient(request, "192.0.2.8");
    assert.equal(one.clientOf(request), "192.0.2.8");
    assert.deepEqual(Object.keys(request), []);
  });
});
