/** The parts of the code that mutants are made of, and the tests that should notice them. */
import { readdirSync, readFileSync } from "node:fs";
import { ROOT } from "../tidy/command.ts";
import { instrument, type Instrumented, type Texts } from "./mutants.ts";
import { instrumentSql } from "./sql-mutants.ts";

/** The name of a part. */
export type PartName = "core" | "engine" | "sql";

/** A part: its paths and those of its tests are files, or folders that end in `/`. */
export type Part = {
  readonly sources: readonly string[];
  readonly tests: readonly string[];
  /** Tests for what those leave over, where they reach it: of what is built on the part. */
  readonly wider: readonly string[];
  /** Parts of the paths of tests that are left out of those. */
  readonly without: readonly string[];
  readonly instrument: (texts: Texts) => Instrumented | Promise<Instrumented>;
  /** How many of a hundred mutants must be killed. */
  readonly leastKilled: number;
  /** A test needs none of those before it in its file, and runs alone. */
  readonly isApart: boolean;
  /** Mutants act when code runs, not only when it is loaded: a thread tries one after the other. */
  readonly isWarm: boolean;
  readonly needsPostgres: boolean;
};

export const PARTS: Readonly<Record<PartName, Part>> = {
  core: {
    sources: ["core/"],
    tests: [
      "tests/domain/",
      "tests/properties/decisions.test.ts",
      "tests/contract/clock/trusted.test.ts",
      "tests/contract/clock/starts.test.ts",
    ],
    wider: [
      "tests/properties/rules.test.ts",
      "tests/contract/carrier/memory.test.ts",
      "tests/contract/log/memory.test.ts",
      "tests/contract/payments/",
      "tests/ledger/purchase-retries.test.ts",
      "tests/ledger/unknown-payments.test.ts",
      "tests/ledger/quote-kinds.test.ts",
      "tests/ledger/verification.test.ts",
      "tests/http/numbers.test.ts",
      "tests/http/speko-numbers.test.ts",
      "tests/http/talkover.test.ts",
    ],
    without: [],
    instrument,
    leastKilled: 97,
    isApart: true,
    isWarm: true,
    needsPostgres: false,
  },
  engine: {
    sources: [
      "adapters/ledger/engine/",
      "adapters/ledger/calls/",
      "adapters/ledger/automations/",
    ],
    // What is changed where it is loaded is tried with each file, in this order: quick ones first.
    tests: [
      "tests/ledger/sentences.test.ts",
      "tests/ledger/arguments.test.ts",
      "tests/ledger/tokens.test.ts",
      "tests/ledger/requirements.test.ts",
      "tests/ledger/",
      "tests/attacks/clock.test.ts",
      "tests/telnyx/reconciliation.test.ts",
      "tests/properties/repeating.test.ts",
    ],
    wider: [
      "tests/attacks/assignments.test.ts",
      "tests/attacks/bounded-memories.test.ts",
      "tests/attacks/clock-waits.test.ts",
      "tests/attacks/quotas.test.ts",
      "tests/attacks/released-numbers.test.ts",
      "tests/attacks/sandbox-isolation.test.ts",
      "tests/attacks/slow-searches.test.ts",
      "tests/attacks/unknown-numbers.test.ts",
      "tests/library/effect.test.ts",
      "tests/library/effect-interruption.test.ts",
      "tests/library/life.test.ts",
      "tests/http/admin-lists.test.ts",
      "tests/http/admin-reviews.test.ts",
      "tests/http/admin.test.ts",
      "tests/http/cancellation.test.ts",
      "tests/http/credits.test.ts",
      "tests/http/cursors.test.ts",
      "tests/http/daily-limits.test.ts",
      "tests/http/history-reads.test.ts",
      "tests/http/ledger.test.ts",
      "tests/http/ledger-buying.test.ts",
      "tests/http/ledger-changes.test.ts",
      "tests/http/ledger-dry-run.test.ts",
      "tests/http/ledger-requests.test.ts",
      "tests/http/lifecycles.test.ts",
      "tests/http/numbers.test.ts",
      "tests/http/own-numbers.test.ts",
      "tests/http/query-numbers.test.ts",
      "tests/http/quotas.test.ts",
      "tests/http/reconciliation.test.ts",
      "tests/http/reconciliation-calls.test.ts",
      "tests/http/repeated.test.ts",
      "tests/http/requirements.test.ts",
      "tests/http/searches.test.ts",
      "tests/http/speko-purchases.test.ts",
      "tests/http/talkover-calling.test.ts",
      "tests/http/talkover-cancellation.test.ts",
      "tests/http/talkover-release.test.ts",
      "tests/http/webhook.test.ts",
      "tests/properties/credits.test.ts",
      "tests/properties/dry-run.test.ts",
      "tests/properties/holders.test.ts",
      "tests/reports/",
      "tests/telnyx/lost-numbers.test.ts",
      "tests/telnyx/requirements.test.ts",
      "tests/telnyx/suspension.test.ts",
    ],
    // These start programs, or take long.
    without: [
      ..."crash database- postgres pglite sharing sha256 contention".split(" "),
      ..."ledger/repeating .long.".split(" "),
    ],
    instrument,
    leastKilled: 90,
    isApart: false,
    isWarm: true,
    needsPostgres: false,
  },
  sql: {
    sources: ["adapters/log/"],
    tests: [
      "tests/contract/log/pglite.test.ts",
      "tests/contract/log/postgres-leases.test.ts",
      "tests/contract/limiter/postgres.test.ts",
      "tests/contract/log/postgres-rebuild-alone.test.ts",
      "tests/contract/log/postgres-rows.test.ts",
      "tests/contract/log/migrations.test.ts",
      "tests/contract/log/same.test.ts",
      "tests/contract/log/query-plans.test.ts",
      "tests/contract/log/without-indexes.test.ts",
      "tests/contract/log/rebuild-beside.test.ts",
      "tests/contract/log/leases.test.ts",
      "tests/contract/log/deliveries.test.ts",
      "tests/contract/log/postgres-deliveries.test.ts",
      "tests/contract/log/rates.test.ts",
      "tests/contract/log/replaced-rows.test.ts",
      "tests/contract/log/postgres-skipping.test.ts",
      "tests/contract/log/postgres-calling-off.test.ts",
      "tests/contract/log/audit.test.ts",
      "tests/contract/log/refusals.test.ts",
    ],
    wider: [
      "tests/contract/log/lanes.test.ts",
      "tests/contract/log/row-version.test.ts",
      "tests/contract/log/postgres.test.ts",
      "tests/contract/log/postgres-blocked.test.ts",
      "tests/contract/log/postgres-limits.test.ts",
      "tests/contract/log/postgres-losses.test.ts",
      "tests/contract/log/postgres-rebuild.test.ts",
      "tests/contract/log/postgres-refusing.test.ts",
      "tests/contract/log/postgres-rights.test.ts",
      "tests/contract/log/postgres-settings.test.ts",
      "tests/contract/clock/kept.test.ts",
      "tests/attacks/rows.test.ts",
      "tests/cli/verify.test.ts",
    ],
    without: [],
    instrument: instrumentSql,
    leastKilled: 90,
    isApart: true,
    isWarm: false,
    needsPostgres: true,
  },
};

/** The files that these paths name, whose names end so. */
const filesOf = (paths: readonly string[], ending: string): readonly string[] =>
  paths.flatMap((path) =>
    path.endsWith("/")
      ? readdirSync(`${ROOT}${path}`, { recursive: true, encoding: "utf8" })
        .map((name) => path + name.replaceAll("\\", "/"))
        .filter((name) => name.endsWith(ending)).toSorted()
      : [path]
  );

/** The sources of a part, by their paths. */
export const sourcesOf = ({ sources }: Part): Texts =>
  new Map(filesOf(sources, ".ts").map((path) => [path, readFileSync(`${ROOT}${path}`, "utf8")]));

/** The test files of a part: those that are run first, and those for what these leave over. */
export const testsOf = ({ tests, wider, without }: Part): readonly (readonly string[])[] =>
  [tests, wider].map((paths) =>
    [...new Set(filesOf(paths, ".test.ts"))].filter((path) =>
      !path.endsWith(".node.test.ts") && !without.some((part) => path.includes(part))
    )
  );
