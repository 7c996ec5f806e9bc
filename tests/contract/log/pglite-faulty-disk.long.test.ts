/** A disk that refuses whatever it likes, for as long as it likes: nothing acknowledged is lost. */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import process from "node:process";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import { digest } from "../../../adapters/log/digest.ts";
import { openPgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { EMPTY_HEAD, verifyChain } from "../../../core/log/chain.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import { big, isHealthy, openOn, type What } from "./failing-disk.ts";
import { openFolders } from "../../support/folders.ts";
import { appended, appendTo, eventsIn } from "../../harness/contract/log/support.ts";
import { until } from "../../support/eventually.ts";

const { newPath, remove } = openFolders("faulty-disk");

// A database that failed may schedule itself again forever: see pglite-disk.test.ts.
after(() => {
  if ("Deno" in globalThis) return;
  setTimeout(() => process.exit(), 2_000).unref();
});

const RUNS = 6;

type Fault = {
  /** The disk works so many times, and then refuses so often. */
  readonly after: number;
  readonly times: number;
  readonly what: What | "any";
  readonly code: string;
};

const anyFault: fc.Arbitrary<Fault> = fc.record({
  after: fc.nat(60),
  times: fc.integer({ min: 1, max: 30 }),
  what: fc.constantFrom("write", "sync", "any"),
  code: fc.constantFrom("ENOSPC", "EIO", "EDQUOT"),
});

const surviving = (): void => {
  test("whatever the disk refuses and for how long, what was acknowledged is there", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyFault, { minLength: 1, maxLength: 3 }),
        fc.constantFrom("synced" as const, "relaxed" as const),
        async (faults, durability) => {
          const folder = newPath();
          let isOpen = false;
          let left = [...faults];
          let [passed, refused] = [0, 0];
          const { log } = await openOn(folder, (what) => {
            const [fault] = left;
            if (!isOpen || fault === undefined) return null;
            if (fault.what !== "any" && fault.what !== what) return null;
            passed += 1;
            if (passed <= fault.after) return null;
            refused += 1;
            if (refused >= fault.times) {
              left = left.slice(1);
              [passed, refused] = [0, 0];
            }
            return fault.code;
          }, durability);
          isOpen = true;
          const acknowledged: number[] = [];
          const append = async (index: number): Promise<void> => {
            const outcome = await log.append(appendTo("org", big(index))).catch((error) => {
              assert.ok(error instanceof Unavailable, String(error));
            });
            if (outcome?.outcome === "appended") acknowledged.push(index);
          };
          for (let index = 0; index < 30; index += 6) {
            await Promise.all([0, 1, 2, 3, 4, 5].map((more) => append(index + more)));
          }
          left = [];
          await until(() => isHealthy(log));
          await appended(log, appendTo("org", big(99)));
          await log.close();
          const again = await openPgliteLog({ folder });
          const events = await eventsIn(again, "org");
          const indices = events.map(({ data }) => (data as { readonly index: number }).index);
          for (const index of [...acknowledged, 99]) {
            assert.equal(indices.filter((each) => each === index).length, 1, `event ${index}`);
          }
          assert.ok(verifyChain(events, EMPTY_HEAD, digest).ok);
          await again.close();
          rmSync(folder, { recursive: true, force: true });
        },
      ),
      { numRuns: RUNS },
    );
  });
};

describe("the pglite log on a disk that fails", { timeout: 600_000 }, () => {
  after(remove);
  surviving();
});
