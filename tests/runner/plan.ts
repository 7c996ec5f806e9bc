/** Which files a run has, on Node and on Deno. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { ROOT } from "../tidy/command.ts";
import { canRunOnDeno, isOnlyForNode, isQuick, runsOnDeno, tierOf } from "./tiers.ts";

const TIERS = ["quick", "test", "long"] as const;

/** What a run was asked for: the inner loop, `npm test`, or what takes longer. */
export type RunTier = typeof TIERS[number];

/** Whether a text names a tier. */
export const isTier = (text: string): text is RunTier => TIERS.some((tier) => tier === text);

const allFiles = (): readonly string[] =>
  readdirSync(`${ROOT}tests`, { recursive: true, encoding: "utf8" })
    .map((path) => `tests/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".test.ts"))
    .toSorted();

/** The paths in an order that the seed gives. */
const shuffled = (paths: readonly string[], seed: string): readonly string[] =>
  paths
    .map((path) => ({ path, order: createHash("sha256").update(`${seed} ${path}`).digest("hex") }))
    .toSorted((a, b) => a.order < b.order ? -1 : 1)
    .map(({ path }) => path);

/** These folders have files that wait, for orders, locks and limits of time. */
const WAITING = ["tests/contract/", "tests/telnyx/"];

const rankOf = (path: string): number =>
  isOnlyForNode(path) ? 0 : WAITING.some((folder) => path.startsWith(folder)) ? 1 : 2;

/** What takes longest begins first, so that no core waits for it at the end. */
const longestFirst = (paths: readonly string[]): readonly string[] =>
  paths.toSorted((a, b) => rankOf(a) - rankOf(b));

/** The files for each runtime. */
export type Plan = { readonly node: readonly string[]; readonly deno: readonly string[] };

const textOf = (path: string): string => readFileSync(`${ROOT}${path}`, "utf8");

/** Whether a file scales its number of random runs. */
const isRandom = (path: string): boolean => textOf(path).includes("support/runs.ts");

/** Whether a file opens a database, an embedded one too. */
const opensDatabase = (path: string): boolean =>
  /\b(?:openPglite|sharedDatabase|startPostgres)/.test(textOf(path));

/**
 * The files that a run of the tier has, or those whose path contains one of `parts`. Those of
 * `long` are in an order that the seed gives, so that bounded runs differ in what they have time
 * for.
 */
export const planOf = (tier: RunTier, parts: readonly string[] = [], seed = ""): Plan => {
  const testFiles = allFiles();
  if (parts.length > 0) {
    const node = testFiles.filter((path) => parts.some((part) => path.includes(part)));
    return { node, deno: node.filter(canRunOnDeno) };
  }
  const [short, long] = [
    longestFirst(testFiles.filter((path) => tierOf(path) === "test")),
    testFiles.filter((path) => tierOf(path) === "long"),
  ];
  if (tier === "quick") {
    return { node: short.filter((path) => isQuick(path) && !opensDatabase(path)), deno: [] };
  }
  if (tier === "test") return { node: short, deno: short.filter(runsOnDeno) };
  return {
    node: shuffled([...long, ...short.filter(isRandom)], seed),
    deno: shuffled(
      [...long, ...short.filter((path) => !runsOnDeno(path))].filter(canRunOnDeno),
      seed,
    ),
  };
};
