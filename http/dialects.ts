/** All dialects, and what of a request leads to one and to a language. */
import { admin } from "./admin/mod.ts";
import type { Dialect, Language } from "./dialect.ts";
import { preferredLanguage } from "./language.ts";
import { ledger } from "./ledger/mod.ts";
import { speko } from "./speko/mod.ts";
import { talkover } from "./talkover/mod.ts";
import { talkturo } from "./talkturo/mod.ts";

/** The one with the longer base stands before the other. */
export const DIALECTS: readonly Dialect[] = [talkover, talkturo, speko, admin, ledger];

/** The paths at which the process says that it lives, needing nothing: ours, and the dialects'. */
export const healthPaths = (dialects: readonly Dialect[] = DIALECTS): readonly string[] => [
  "/healthz",
  ...dialects.flatMap(({ healthPath }) => healthPath ?? []),
];

/** The dialect that a path belongs to, whether or not it has such a route. */
export const dialectOf = (path: string): Dialect | undefined =>
  DIALECTS.find(({ bases }) => bases.some((base) => path === base || path.startsWith(`${base}/`)));

/** The language that the caller would like best, of those we speak. */
export const languageOf = (request: Request): Language =>
  preferredLanguage(request.headers.get("accept-language"));
