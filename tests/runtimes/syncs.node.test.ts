/** What the kernel sees of a server's commits: one sync to disk for each, before it is answered. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { newFolder, removeServers, startServer } from "../support/server.ts";

const PURCHASES = 20;
/** The intent with its paid charge, the sandbox carrier's order, and its outcome. */
const COMMITS_PER_PURCHASE = 3;

const canTrace = spawnSync("strace", ["-qq", "-o", "/dev/null", "true"]).status === 0;

describe("the server", { timeout: 600_000 }, () => {
  after(removeServers);

  test("syncs to disk once per commit when it sells numbers one by one", {
    skip: canTrace
      ? false
      : "strace cannot be used here; the log's contract tests count what PGlite asks for",
  }, async () => {
    const trace = join(newFolder(), "syncs");
    const server = await startServer({
      // Detached (-D), so that signals go to the server itself.
      under: ["strace", "-D", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", trace],
    });
    const syncs = (): number =>
      readFileSync(trace, "utf8").match(/\b(fsync|fdatasync)\(/g)?.length ?? 0;
    const token = await server.organization("acme", "Scale");
    await server.request("GET", "/v1/phone-numbers/available?areaCode=415&limit=50", { token });
    const before = syncs();
    for (let index = 0; index < PURCHASES; index++) {
      const body = { e164: `+1415224${1000 + index}` };
      const { status } = await server.request("POST", "/v1/phone-numbers", { token, body });
      assert.equal(status, 200);
    }
    assert.equal(syncs() - before, PURCHASES * COMMITS_PER_PURCHASE);
    const read = syncs();
    for (let index = 0; index < PURCHASES; index++) {
      await server.request("GET", "/v1/phone-numbers", { token });
    }
    assert.equal(syncs(), read);
    assert.deepEqual(await server.kill("SIGTERM"), { code: 0, signal: null });
  });
});
