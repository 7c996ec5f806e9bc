/** Long lists are made in slices, and an organization's take turns. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { mapInSlices, textInSlices } from "../../http/slices.ts";
import { openTurns, openTurnsByKey } from "../../adapters/ledger/engine/turns.ts";
import { openTestApp } from "../support/app.ts";
import { until } from "../support/eventually.ts";
import { gate } from "../support/gate.ts";
import { pause } from "../support/pause.ts";

/** Bodies with a list that is long. */
const bodies = fc.tuple(fc.array(fc.jsonValue(), { minLength: 1, maxLength: 5 }), fc.jsonValue())
  .chain(([some, other]) => {
    const long = Array.from({ length: 250 }, (_, place) => some[place % some.length]);
    return fc.constantFrom<unknown>(
      long,
      { success: true, data: long },
      { a: undefined, data: [...long, undefined], '__proto__x\n"': other, last: long },
      { success: true, data: some, other },
    );
  });

test("a body is the text that JSON.stringify gives", async () => {
  await fc.assert(fc.asyncProperty(bodies, async (body) => {
    assert.equal(await textInSlices(body) ?? JSON.stringify(body), JSON.stringify(body));
  }));
});

test("a list is mapped in order, whatever its length", async () => {
  await fc.assert(fc.asyncProperty(fc.nat({ max: 700 }), async (length) => {
    const items = Array.from({ length }, (_, place) => place);
    assert.deepEqual(await mapInSlices(items, (item) => item * 2), items.map((item) => item * 2));
  }));
});

/** How often others had their turn while the work went on. */
const turnsDuring = async (work: () => Promise<unknown>): Promise<number> => {
  let [turns, isOver] = [0, false];
  const count = (): void => {
    turns += 1;
    if (!isOver) setTimeout(count, 0);
  };
  setTimeout(count, 0);
  await work();
  isOver = true;
  return turns;
};

const burn = (ms: number): void => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

test("others get their turn while a long list is built", async () => {
  const items = Array.from({ length: 2_000 }, (_, place) => place);
  const encode = (item: number) => {
    burn(0.1);
    return { item, toJSON: () => (burn(0.1), { item }) };
  };
  assert.ok(await turnsDuring(() => mapInSlices(items, encode)) >= 5, "mapped");
  const made = items.map(encode);
  assert.ok(await turnsDuring(() => textInSlices({ made })) >= 5, "written");
});

test("turns: never more concurrently than places, each in order, none lost to an error", async () => {
  const turns = openTurns({ places: 2, waiting: 3 });
  let [inside, most] = [0, 0];
  const order: number[] = [];
  const work = (place: number) => async () => {
    most = Math.max(most, ++inside);
    order.push(place);
    await pause(1, "the work takes some time, so that another could begin meanwhile");
    inside -= 1;
    if (place === 1) throw new Error("broken");
    return place;
  };
  const done = await Promise.allSettled(
    [0, 1, 2, 3, 4, 5, 6].map((place) => turns.run(work(place))),
  );
  const values = done.map((one) =>
    one.status === "fulfilled" ? one.value?.value ?? null : "broken"
  );
  assert.deepEqual(values, [0, "broken", 2, 3, 4, null, null]);
  assert.deepEqual([most, order], [2, [0, 1, 2, 3, 4]]);
  assert.ok(turns.isIdle());
  const byKey = openTurnsByKey({ places: 1, waiting: 0 });
  const both = await Promise.all(
    ["a", "b", "a"].map((key) => byKey(key, ({ run }) => run(work(2)))),
  );
  assert.deepEqual(both, [{ value: 2 }, { value: 2 }, null]);
  assert.deepEqual(await byKey("a", ({ run }) => run(work(2))), { value: 2 });
});

test("lists of one organization take turns, and do not delay another's", async () => {
  const log = openMemoryLog();
  const released = gate();
  let isHeld = false;
  let reads = 0;
  const list: EventLog["list"] = async (organization, ...asked) => {
    if (isHeld && organization === "big") {
      reads += 1;
      await released.opened;
    }
    return await log.list(organization, ...asked);
  };
  const app = openTestApp({ log: { ...log, list } });
  after(() => app.close());
  const [big, small] = [await app.organization("big"), await app.organization("small")];
  isHeld = true;
  const path = "/v1/phone-numbers";
  const lists = Array.from({ length: 70 }, () => app.request("GET", path, { token: big }));
  await until(() => reads >= 2);
  assert.equal((await app.request("GET", path, { token: small })).status, 200);
  assert.equal((await app.request("GET", `${path}/pn_x`, { token: big })).status, 404);
  assert.equal(reads, 2);
  released.open();
  const answers = await Promise.all(lists);
  const refused = answers.filter(({ status }) => status === 429);
  assert.equal(refused.length, 70 - 2 - 64);
  assert.deepEqual(refused[0]?.json.code, "RATE_LIMITED");
  assert.equal(refused[0]?.headers.get("retry-after"), "1");
  assert.equal(answers.filter(({ status }) => status === 200).length, 66);
});
