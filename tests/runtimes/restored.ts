/** A folder that was restored from a backup, while HEADS_FILE knows of more. */
import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { newFolder, startProcess, startServer, type TestServer } from "../support/server.ts";

const buy = async ({ request }: TestServer, token: string, phoneNumber: string): Promise<void> => {
  const body = { phoneNumber, teamId: "acme" };
  const { status } = await request("POST", "/api/phone-numbers/purchase", { token, body });
  assert.equal(status, 200);
};

/** A restored folder, its backup, and the heads that are newer. */
export type Place = { readonly folder: string; readonly backup: string; readonly file: string };

/** A server buys a number, a backup is made, it buys another one, and the backup is restored. */
export const restored = async (runtime: "node" | "deno"): Promise<Place> => {
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

/** The start on a restored folder is refused. */
export const refuses = async (runtime: "node" | "deno", { folder, file }: Place): Promise<void> => {
  const refused = startProcess(folder, { runtime, environment: { HEADS_FILE: file } });
  assert.deepEqual(await refused.ended, { code: 3, signal: null });
  const { out, err } = refused.printed();
  assert.equal(out, "");
  assert.match(err, /^ledgerline: the log is not the one whose heads are in HEADS_FILE .*"acme"/);
};
