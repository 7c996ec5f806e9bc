/** A server on a restored folder: its start is refused while HEADS_FILE knows of more. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  inherited,
  newFolder,
  removeServers,
  startProcess,
  startServer,
  type TestServer,
} from "../support/server.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

after(removeServers);

const ledgerline = (folder: string, file: string, ...words: readonly string[]) =>
  spawnSync("node", ["--import", "tsx", join(ROOT, "adapters/cli/main.ts"), ...words], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...inherited(), DATA_DIR: folder, HEADS_FILE: file },
  });

const buy = async ({ request }: TestServer, token: string, phoneNumber: string): Promise<void> => {
  const body = { phoneNumber, teamId: "acme" };
  const { status } = await request("POST", "/api/phone-numbers/purchase", { token, body });
  assert.equal(status, 200);
};

type Place = { readonly folder: string; readonly backup: string; readonly file: string };

/** A server buys a number, a backup is made, it buys another one, and the backup is restored. */
const restored = async (runtime: "node" | "deno"): Promise<Place> => {
  const root = newFolder();
  const [folder, backup] = [join(root, "data"), join(root, "backup")];
  const file = join(root, "heads.jsonl");
  const options = { runtime, folder, environment: { HEADS_FILE: file } };
  let server = await startServer(options);
  const token = await server.organization("acme");
  await buy(server, token, "+14155550101");
  await server.kill("SIGTERM");
  // A backup is a copy of the folder while no server has it.
  cpSync(folder, backup, { recursive: true });
  server = await startServer(options);
  await buy(server, token, "+14155550102");
  await server.kill("SIGTERM");
  rmSync(folder, { recursive: true });
  cpSync(backup, folder, { recursive: true });
  return { folder, backup, file };
};

const refuses = async (runtime: "node" | "deno", { folder, file }: Place): Promise<void> => {
  const refused = startProcess(folder, { runtime, environment: { HEADS_FILE: file } });
  assert.deepEqual(await refused.ended, { code: 3, signal: null });
  const { out, err } = refused.printed();
  assert.equal(out, "");
  assert.match(err, /^ledgerline: the log is not the one whose heads are in HEADS_FILE .*"acme"/);
};

describe("a restored folder", { timeout: 600_000 }, () => {
  test("is refused with status 3 on Deno", async () => {
    await refuses("deno", await restored("deno"));
  });

  test("is refused with status 3 on Node until the loss is accepted", async () => {
    const place = await restored("node");
    const { folder, file } = place;
    await refuses("node", place);
    const checked = ledgerline(folder, file, "check");
    assert.equal(checked.status, 3, checked.stderr);
    const accepted = ledgerline(folder, file, "heads", "--accept");
    assert.equal(accepted.status, 0, accepted.stderr);
    const fine = ledgerline(folder, file, "check");
    assert.match(fine.stdout, /all are what the log says\n$/);
    assert.equal(fine.status, 0, fine.stderr);
    const options = { folder, environment: { HEADS_FILE: file } };
    await (await startServer(options)).kill("SIGTERM");
  });
});

test("a file that holds no heads stops the start with a line that names it", async () => {
  const root = newFolder();
  const file = join(root, "heads.jsonl");
  writeFileSync(file, "nonsense\n");
  const refused = startProcess(join(root, "data"), { environment: { HEADS_FILE: file } });
  assert.deepEqual(await refused.ended, { code: 2, signal: null });
  assert.match(
    refused.printed().err,
    /^ledgerline: HEADS_FILE: [^\n]+ is not a whole file of heads [^\n]+\n$/,
  );
});
