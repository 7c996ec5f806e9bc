import assert from "node:assert/strict";
import { test } from "node:test";
import { forbids } from "./layers.ts";

/** [from, import, may it] */
const ARROWS: readonly (readonly [string, string, boolean])[] = [
  ["core/number/state.ts", "valibot", true],
  ["core/number/state.ts", "hono", false],
  ["core/number/state.ts", "../values/money.ts", true],
  ["core/number/state.ts", "../../http/app.ts", false],
  ["core/number/state.ts", "../billing/plan.ts", false],
  ["core/log/state.ts", "../number/state.ts", false],
  ["core/log/state.ts", "../events/vocabulary.ts", true],
  ["core/mod.ts", "./registry/commands.ts", true],
  ["core/values/money.ts", "../mod.ts", false],
  ["adapters/ledger/engine/execute.ts", "../calls/numbers.ts", false],
  ["adapters/ledger/calls/numbers.ts", "../engine/execute.ts", true],
  ["http/speko/routes.ts", "hono/body-limit", true],
  ["http/speko/routes.ts", "libphonenumber-js/max", true],
  ["http/speko/routes.ts", "../../adapters/ledger/mod.ts", true],
  ["http/speko/routes.ts", "../../adapters/log/memory/mod.ts", false],
  ["http/speko/routes.ts", "effect/Effect", false],
  ["http/speko/routes.ts", "@hono/node-server", false],
  ["http/speko/routes.ts", "node:crypto", false],
  ["adapters/ledger/ledger.ts", "effect/Schedule", true],
  ["adapters/ledger/ledger.ts", "../../core/ports/mod.ts", true],
  ["adapters/ledger/ledger.ts", "../log/memory/mod.ts", false],
  ["adapters/ledger/ledger.ts", "../../http/app.ts", false],
  ["adapters/log/pglite/mod.ts", "@electric-sql/pglite", true],
  ["adapters/log/pglite/mod.ts", "../sql/schema.ts", true],
  ["adapters/log/pglite/mod.ts", "../../clock/system.ts", false],
  ["adapters/carrier/sandbox/sql.ts", "../../log/sql/database.ts", true],
  ["adapters/carrier/sandbox/sql.ts", "../../log/memory/mod.ts", false],
  ["adapters/carrier/sandbox/sql.ts", "../../ledger/mod.ts", false],
  ["adapters/log/memory/mod.ts", "../../runtimes/node/main.ts", false],
  ["adapters/runtimes/node/main.ts", "../../../http/app.ts", true],
  ["adapters/runtimes/node/main.ts", "../../ledger/mod.ts", true],
  ["adapters/cli/main.ts", "../runtimes/node/config.ts", true],
  ["adapters/runtimes/node/main.ts", "../../../tests/support/clock.ts", false],
  ["tests/harness/model.ts", "../support/app.ts", false],
  ["tests/harness/model.test.ts", "../support/app.ts", true],
  ["tests/http/app.test.ts", "../../adapters/runtimes/node/main.ts", true],
];

test("tidy allows an import when the arrow points the right way, and no other", () => {
  for (const [from, specifier, allowed] of ARROWS) {
    assert.equal(forbids(from, specifier) === null, allowed, `${from} → ${specifier}`);
  }
});
