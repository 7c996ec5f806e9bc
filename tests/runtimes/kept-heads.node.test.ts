/** A server on a restored folder: its start is refused while HEADS_FILE knows of more. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { bundleOf } from "../support/bundle.ts";
import {
  inherited,
  newFolder,
  removeServers,
  startProcess,
  startServer,
} from "../support/server.ts";
import { shortFlags } from "../support/v8.ts";
import { refuses, restored } from "./restored.ts";

after(removeServers);

const ledgerline = (folder: string, file: string, ...words: readonly string[]) =>
  spawnSync("node", [...shortFlags(), bundleOf("adapters/cli/main.ts"), ...words], {
    encoding: "utf8",
    env: { ...inherited(), DATA_DIR: folder, HEADS_FILE: file },
  });

describe("a restored folder", { timeout: 600_000 }, () => {
  test("is refused with status 3 on Deno and on Node until the loss is accepted", async () => {
    const place = await restored("node");
    const { folder, file } = place;
    await refuses("deno", place);
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
