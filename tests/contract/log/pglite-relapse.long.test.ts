/** A disk that fails while nobody asks, or again and again. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { Unavailable } from "../../../core/log/unavailable.ts";
import { openFolders } from "../../support/folders.ts";
import { appended, appendTo } from "../../harness/contract/log/support.ts";
import { big, isHealthy, openOn } from "./failing-disk.ts";
import { until } from "../../support/eventually.ts";
import { pause } from "../../support/pause.ts";

const { newPath, remove } = openFolders("relapse");

describe("the pglite log on a disk that fails again", () => {
  after(remove);

  test("a database that broke while nobody asked is found by its health, and opened again", async () => {
    let isFaulty = false;
    const { log, lines } = await openOn(newPath(), () => isFaulty ? "EIO" : null);
    // So much that a checkpoint follows, whose failure is not reported.
    const text = "x".repeat(9_000_000);
    const events = [{ type: "Tested", version: 1, data: { text } }];
    await appended(log, appendTo("org", { events }));
    isFaulty = true;
    await pause(500, "the disk would be looked at in it, were it to be while nobody asks");
    assert.deepEqual(lines, []);
    assert.equal(await isHealthy(log), false);
    isFaulty = false;
    await until(() => isHealthy(log));
    assert.deepEqual(lines, ["the disk refused to keep what was written", "available"]);
    await log.close();
  });

  test("a disk that fails again and again is looked at less and less often, and said less often", async () => {
    let looks = 0;
    let isFaulty = false;
    const { log, lines } = await openOn(newPath(), (what) => {
      if (!isFaulty) return null;
      looks += 1;
      // The probe's question passes, and what the database does fails.
      return what === "write" && looks % 3 !== 1 ? "EMFILE" : null;
    });
    isFaulty = true;
    await assert.rejects(log.append(appendTo("org", big(1))), Unavailable);
    await pause(6_000, "so long a faulty disk is looked at again and again");
    assert.ok(lines.length <= 4, lines.join("\n"));
    isFaulty = false;
    await until(() => isHealthy(log));
    await appended(log, appendTo("org", { expected: "any" }));
    await log.close();
  });
});
