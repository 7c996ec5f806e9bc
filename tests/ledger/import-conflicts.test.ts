/** Imports in the way of what a carrier's answer proves are ended, and not for ever. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as Effect from "effect/Effect";
import { despiteImports } from "../../adapters/ledger/engine/import-conflicts.ts";
import type { Tagged } from "../../adapters/ledger/engine/refusals.ts";
import { openLogProgress } from "../../adapters/ledger/engine/log-progress.ts";
import { openRounds } from "../../adapters/ledger/engine/rounds.ts";
import { Ports } from "../../adapters/ledger/engine/services.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { NumberImportedElsewhere } from "../../core/number/decisions/imports.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";

const refusal: Tagged<NumberImportedElsewhere> = {
  _tag: "NUMBER_IMPORTED",
  code: "NUMBER_IMPORTED",
  message: "It is imported.",
  claim: { key: "import:+14155550101", organization: "other", holder: "pn_1" },
};

/** How often a command is given whose way is free after so many ends of imports; and its end. */
const given = async (conflicts: number) => {
  let times = 0;
  const command = Effect.suspend((): Effect.Effect<string, typeof refusal> =>
    ++times > conflicts ? Effect.succeed("done") : Effect.fail(refusal)
  );
  const services = {
    log: openMemoryLog(),
    clock: openTestClock(0),
    plans: DEFAULT_PLANS,
    carrier: "live",
    rounds: openRounds(),
    progress: openLogProgress(),
    payments: includedPayments,
    spans: null,
  } as unknown as Ports["Service"];
  const end = await Effect.runPromise(
    despiteImports(command).pipe(
      Effect.match({ onSuccess: (value) => value, onFailure: ({ _tag }) => _tag }),
      Effect.provideService(Ports, services),
    ),
  );
  return [times, end];
};

test("a command is given again after each import that was in its way, eleven times in all", async () => {
  assert.deepEqual(await given(0), [1, "done"]);
  assert.deepEqual(await given(10), [11, "done"]);
  assert.deepEqual(await given(11), [11, "NUMBER_IMPORTED"]);
});
