import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MINUTE_MS } from "../../core/values/calendar.ts";
import { playScript, SCRIPTS } from "./scripts.ts";

/** Longer than anything waits, and shorter than an offer is good. */
const LONG_MS = 20 * MINUTE_MS;
/** A number of places that no script reaches. */
const NEVER = Number.MAX_SAFE_INTEGER;

describe("a process that crashes once, at every place in turn, changes nothing of what becomes of", () => {
  for (const [name, steps] of Object.entries(SCRIPTS)) {
    test(name, async (context) => {
      const { ending } = await playScript(steps, NEVER, 1, 0);
      const places = new Set<string>();
      let crashes = 0;
      for (const [processes, downMs] of [[1, 0], [2, LONG_MS]] as const) {
        for (let crash = 0;; crash++) {
          const crashed = await playScript(steps, crash, processes, downMs);
          if (crashed.crashedAt === null) break;
          assert.deepEqual(crashed.ending, ending, `crash ${crash}, ${crashed.crashedAt}`);
          places.add(crashed.crashedAt);
          crashes++;
        }
      }
      context.diagnostic(`${crashes} crashes at ${places.size} places`);
      assert.ok(places.size >= 10);
    });
  }
});
