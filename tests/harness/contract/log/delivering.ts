/** What is kept of deliveries to webhooks, of logs that keep it. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Deliveries } from "../../../../core/ports/mod.ts";
import { skip, type Test } from "../../runner.ts";
import { ENDPOINTS, EVENTS, openModel, ORGANIZATIONS, steps } from "./delivering-model.ts";
import { ALL, type Using, writing } from "./delivering-writes.ts";
import { SOME_TIME, type TheLog } from "./support.ts";

/** Drops all that earlier tests left. */
const empty = async (deliveries: Deliveries): Promise<void> => {
  for (const endpoint of ENDPOINTS) await deliveries.remove(endpoint, ALL);
  await deliveries.forget(Number.MAX_SAFE_INTEGER, ALL);
};

const everything = async (deliveries: Deliveries) => ({
  progress: (await Promise.all(ENDPOINTS.map((one) => deliveries.progress(one, "", ALL)))).flat(),
  attempts: (await Promise.all(ENDPOINTS.map((one) => deliveries.attempts(one, {}, ALL)))).flat(),
});

type Model = ReturnType<typeof openModel>;

/** Compares each way of reading with the model. */
const compareWith = async (deliveries: Deliveries, model: Model, limit: number): Promise<void> => {
  const keys = ENDPOINTS.flatMap((endpoint) =>
    ORGANIZATIONS.map((organization) => ({ endpoint, organization }))
  );
  const loaded = await deliveries.load([...keys, ...keys.slice(0, 3)]);
  assert.deepEqual(new Set(loaded), new Set(model.all()));
  assert.equal(loaded.length, model.all().length);

  for (const endpoint of ENDPOINTS) {
    const wanted = model.progress(endpoint);
    assert.deepEqual(await deliveries.progress(endpoint, "", ALL), wanted);
    const after = wanted[limit - 1]?.organization ?? "";
    const place = after === "" ? 0 : limit;
    assert.deepEqual(
      await deliveries.progress(endpoint, after, limit),
      wanted.slice(place, place + limit),
    );
    for (const event of [undefined, ...EVENTS]) {
      for (const isDelivered of [undefined, true, false]) {
        const filter = { event, isDelivered };
        const all = model.attempts(endpoint, filter);
        assert.deepEqual(await deliveries.attempts(endpoint, filter, ALL), all);
        const [first, ...rest] = all;
        assert.deepEqual(
          await deliveries.attempts(endpoint, filter, limit, first),
          (first === undefined ? [] : rest).slice(0, limit),
        );
      }
    }
  }
  for (const until of [0, 2, Number.MAX_SAFE_INTEGER]) {
    const wanted = model.due(until);
    // What other tests of the suite left waits for nothing.
    assert.deepEqual(await deliveries.due(until, ALL), wanted);
    assert.deepEqual(await deliveries.due(until, limit), wanted.slice(0, limit));
    const [first, ...rest] = wanted;
    if (first === undefined) continue;
    assert.deepEqual(await deliveries.due(until, limit, first), rest.slice(0, limit));
  }
  for (const after of [0, 2, SOME_TIME]) {
    const later = model.due(Number.MAX_SAFE_INTEGER).find(({ due }) => due > after);
    assert.equal(await deliveries.nextDue(after), later?.due ?? null);
  }
};

const againstModel = (using: Using): void => {
  using("deliveries are kept as a naive list keeps them", async (deliveries) => {
    const property = fc.asyncProperty(steps, fc.constantFrom(0, 1, 2), async (all, limit) => {
      await empty(deliveries);
      const model = openModel();
      for (const step of all) {
        if (step.step === "record") {
          const changes = model.versioned(step.changes);
          assert.deepEqual(await deliveries.record(changes), model.record(changes));
        } else if (step.step === "remove") {
          const there = model.progress(step.endpoint).length;
          const dropped = await deliveries.remove(step.endpoint, step.limit);
          assert.equal(dropped, Math.min(there, step.limit));
          const left = new Set(
            (await everything(deliveries)).progress.map((one) => JSON.stringify(one)),
          );
          const others = model.all().filter(({ endpoint }) => endpoint !== step.endpoint);
          model.removed((one) => left.has(JSON.stringify(one)));
          assert.equal(left.size, model.all().length);
          for (const one of others) assert.ok(model.all().includes(one));
        } else {
          const there = model.tried().filter(({ at }) => at < step.before).length;
          const dropped = await deliveries.forget(step.before, step.limit);
          assert.equal(dropped, Math.min(there, step.limit));
          const left = new Set(
            (await everything(deliveries)).attempts.map((one) => JSON.stringify(one)),
          );
          const kept = model.tried().filter(({ at }) => at >= step.before);
          model.forgotten((one) => left.has(JSON.stringify(one)));
          assert.equal(left.size, model.tried().length);
          for (const one of kept) assert.ok(model.tried().includes(one));
        }
      }
      await compareWith(deliveries, model, limit);
    });
    await fc.assert(property, { numRuns: 40 });
    await empty(deliveries);
  });
};

/** What logs that have `deliveries` keep of them. */
export const delivering = (test: Test, theLog: TheLog): void => {
  const using: Using = (title, check) => {
    test(title, async () => {
      const { deliveries } = theLog();
      if (deliveries === undefined) return skip("the log has no `deliveries`");
      await check(deliveries, theLog());
    });
  };
  againstModel(using);
  writing(using);
};
