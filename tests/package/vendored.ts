/** What is vendored, and where it is from. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../tidy/command.ts";

/** Its folder. */
export const VENDORED = "http/openapi/vendor";

type Origin = {
  /** The package's name in npm. */
  readonly name: string;
  readonly version: string;
  /** Of the package, as npm says it. */
  readonly integrity: string;
  /** The file within the package. */
  readonly file: string;
  /** Of that file, in hex. */
  readonly sha256: string;
};

/** What `origin.json` says. */
export const origin = (): Origin =>
  JSON.parse(readFileSync(join(ROOT, VENDORED, "origin.json"), "utf8"));
