/**
 * Takes what is vendored from npm again: `npm run vendor`. It is written only if the package that
 * comes is the one that `origin.json` names.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { ROOT } from "../tidy/command.ts";
import { origin, VENDORED } from "./vendored.ts";

const folder = mkdtempSync(join(tmpdir(), "ledgerline-vendor-"));
try {
  const { name, version, integrity, file, sha256 } = origin();
  execFileSync("npm", ["pack", `${name}@${version}`, "--pack-destination", folder]);
  const [tarball = ""] = readdirSync(folder);
  const whole = createHash("sha512").update(readFileSync(join(folder, tarball))).digest("base64");
  if (`sha512-${whole}` !== integrity) throw new Error(`npm gave another ${name}: ${whole}`);
  execFileSync("tar", ["-xzf", join(folder, tarball), "-C", folder]);
  const script = readFileSync(join(folder, "package", file));
  const found = createHash("sha256").update(script).digest("hex");
  if (found !== sha256) throw new Error(`${file} is another: ${found}`);
  writeFileSync(join(ROOT, VENDORED, "scalar.js.gz"), gzipSync(script, { level: 9 }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
