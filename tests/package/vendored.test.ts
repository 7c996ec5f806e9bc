/** What is vendored is what npm has, and is served under its version. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { findScalar } from "../../adapters/runtimes/server/scalar.ts";
import { SCALAR } from "../../http/openapi/trying.ts";
import { ROOT } from "../tidy/command.ts";
import { origin, VENDORED } from "./vendored.ts";

test("the script of the pages in which calls are tried is npm's, byte for byte", async () => {
  const { version, sha256 } = origin();
  const packed = readFileSync(join(ROOT, VENDORED, "scalar.js.gz"));
  assert.equal(createHash("sha256").update(gunzipSync(packed)).digest("hex"), sha256);
  assert.equal(SCALAR, `/docs/scalar-${version}.js`);
  const read = await findScalar();
  assert.deepEqual(Buffer.from(await read?.() ?? []), packed);
});
