/** Turns at one item: one worker at a time, in the order in which they came. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as Effect from "effect/Effect";
import { makeExclusive } from "../../adapters/ledger/engine/keyed-mutex.ts";
import { pause } from "../support/pause.ts";

test("one that comes when the first is over waits for all that came before", async () => {
  const { inTurn, ifFree } = makeExclusive();
  const order: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) =>
    Effect.runPromise(inTurn(
      "pn_1",
      Effect.promise(() => {
        order.push(`${name} begins`);
        return new Promise<void>((resolve) =>
          ends.set(name, () => {
            order.push(`${name} ends`);
            resolve();
          })
        );
      }),
    ));
  const isFree = () => Effect.runPromise(ifFree("pn_1", Effect.succeed(true), false));
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.();
    await pause(5, "the next one begins in it");
  };
  const first = [work("a"), work("b")];
  await end("nobody");
  await end("a");
  const last = work("c");
  await end("nobody");
  assert.deepEqual(order, ["a begins", "a ends", "b begins"]);
  assert.equal(await isFree(), false);
  await end("b");
  await end("c");
  await Promise.all([...first, last]);
  assert.deepEqual(order.slice(3), ["b ends", "c begins", "c ends"]);
  assert.equal(await isFree(), true);
});
