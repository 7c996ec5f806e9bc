/** All dialects, and how a request's path selects one. */
import { admin } from "./admin/mod.ts";
import type { Dialect } from "./dialect.ts";
import { ledger } from "./ledger/mod.ts";
import { speko } from "./speko/mod.ts";
import { talkover } from "./talkover/mod.ts";
import { talkturo } from "./talkturo/mod.ts";

/** A dialect with a longer base comes first. */
export const DIALECTS: readonly Dialect[] = [talkover, talkturo, speko, admin, ledger];

/** The liveness paths, which need no ledger: ours, and the dialects'. */
export const healthPaths = (dialects: readonly Dialect[] = DIALECTS): readonly string[] => [
  "/healthz",
  ...dialects.flatMap(({ healthPath }) => healthPath ?? []),
];

/** The dialect that a path belongs to, whether or not it has such a route. */
export const dialectOf = (path: string): Dialect | undefined =>
  DIALECTS.find(({ bases }) => bases.some((base) => path === base || path.startsWith(`${base}/`)));
