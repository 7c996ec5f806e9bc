/** A server that is stopped while a second one starts on its folder, in another container. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { CONTAINER, hasContainers, hasMachines, machineIn } from "../fencing/namespaces.ts";
import { runRound } from "../fencing/round.ts";
import { newFolder, removeServers } from "../support/server.ts";

describe("a stopped server and a second one on its folder", { timeout: 600_000 }, () => {
  after(removeServers);

  test("the second is refused while the first is alive, in another container too", async (context) => {
    const isOther = hasContainers();
    if (!isOther) context.diagnostic("no container can be made here: tried in the same one");
    const under = isOther ? CONTAINER : [];
    const round = { stopMs: 3_000, under, blind: false, kills: false };
    const { first, second, refused, fenced } = await runRound(round);
    assert.ok(first > 0 && refused > 0);
    assert.deepEqual([second, fenced], [0, false]);
  });

  test("the second serves as soon as the stopped first was killed", async (context) => {
    const isOther = hasContainers();
    if (!isOther) context.diagnostic("no container can be made here: tried in the same one");
    const under = isOther ? CONTAINER : [];
    const { second } = await runRound({ stopMs: 500, under, blind: false, kills: true });
    assert.ok(second > 0);
  });

  test("a first that another machine took over from ends, and acknowledges nothing more", async (context) => {
    const scratch = newFolder();
    if (!hasMachines(scratch)) {
      return context.diagnostic(
        "no other machine can be played here: see the holder without a socket in the tests of the lock",
      );
    }
    const under = machineIn(scratch);
    const { second, fenced } = await runRound({ stopMs: 9_000, under, blind: true, kills: false });
    assert.ok(second > 0);
    assert.equal(fenced, true);
  });
});
