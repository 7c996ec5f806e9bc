/**
 * Regenerates the client in `generated` from Speko's OpenAPI document, which must be beside the
 * project: `node --import tsx tests/http/openapi/generate.ts`.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { DOCUMENT_URL } from "./document.ts";

/** Where the generated client is kept. */
export const CLIENT_URL = new URL("./generated/client.ts", import.meta.url);

const PROGRAM = fileURLToPath(
  new URL("../../../node_modules/oazapfts/dist/cli.js", import.meta.url),
);

// The types of its fetch are not as strict about absent members as ours are.
/** The first line of the generated client. */
export const REMARK = "// @ts-nocheck: as oazapfts writes it; it is not our code.\n";

/** The client that the generator makes from the document. */
export const generateClient = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "speko-client-"));
  try {
    const path = join(folder, "client.ts");
    execFileSync(process.execPath, [PROGRAM, fileURLToPath(DOCUMENT_URL), path]);
    return REMARK + readFileSync(path, "utf8");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(CLIENT_URL, generateClient());
}
