/** A process that is killed while it makes a large append. */
import assert from "node:assert/strict";
import { digest } from "../../../adapters/log/digest.ts";
import { openPgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { EMPTY_HEAD, verifyChain } from "../../../core/log/chain.ts";
import { eventsIn } from "../../harness/contract/log/support.ts";
import { pause } from "../../support/pause.ts";
import { holderCommand, start } from "./processes.ts";

/**
 * Starts a process on the folder and kills it, so long after it acknowledged an append, once for
 * each pause: what is there afterwards is whole.
 */
export const killedMeanwhile = async (
  folder: string,
  pauses: readonly number[],
): Promise<void> => {
  let least = 0;
  for (const pause_ms of pauses) {
    const holder = start(holderCommand(folder, "held", "400"));
    assert.equal(await holder.line(), "open");
    const printed = Number(await holder.line());
    assert.ok(printed >= least);
    await pause(pause_ms, "another append gets under way in it, which nothing outside shows");
    await holder.kill();
    const log = await openPgliteLog({ folder });
    const { head, rows } = await log.load("held", { kinds: ["number"] });
    assert.ok(head.position >= printed, "what was acknowledged is there");
    assert.equal(head.position % 400, 0);
    assert.equal(new Set(rows.map(({ data }) => JSON.stringify(data))).size, 1);
    assert.ok(verifyChain(await eventsIn(log, "held"), EMPTY_HEAD, digest).ok);
    least = head.position;
    await log.close();
  }
};
