/** Commands, and items of work, that come when their number is released, or needs nothing. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { EventLog, WorkItem } from "../../core/ports/mod.ts";
import { numbers } from "../../core/number/state.ts";
import { AUTOMATIONS } from "../../core/values/identity.ts";
import { callerOf } from "../properties/runs.ts";
import { openTestApp, SIP } from "../support/app.ts";

const ACME = callerOf("acme");
const BOUGHT = "+14155550101";
const IMPORTED = "+4930123456";

/** A ledger with a bought and an imported number; what its log does can be changed. */
const open = async () => {
  const log = openMemoryLog();
  const changed: Partial<EventLog> = {};
  const app = openTestApp({
    log: {
      ...log,
      due: (...asked) => (changed.due ?? log.due)(...asked),
      load: (...asked) => (changed.load ?? log.load)(...asked),
    },
    runsAutomations: false,
    reconcilesDaily: false,
  });
  after(() => app.close());
  const { ledger } = app;
  await app.organization("acme");
  const bought = await ledger.purchase(ACME, { e164: BOUGHT });
  assert.ok(bought.ok);
  const imported = await ledger.import(ACME, { e164: IMPORTED, via: { sipConnection: SIP.id } });
  assert.ok(imported.ok);
  const ids = [bought.value.number.holding.id, imported.value.holding.id] as const;
  return { ledger, log, changed, ids };
};

describe("a number that needs nothing", () => {
  for (const automation of AUTOMATIONS) {
    test(`is left as it is by ${automation}, bought or imported`, async () => {
      const { ledger, log, changed, ids } = await open();
      const items = ids.map((key): WorkItem => ({
        organization: "acme",
        kind: numbers.kind,
        key,
        automation,
        due: 0,
      }));
      const before = await ledger.numbers.list(ACME);
      changed.due = async (at, limit, last) => [
        ...last === undefined ? items : [],
        ...await log.due(at, limit, last),
      ];
      await ledger.work.run();
      assert.deepEqual(await ledger.numbers.list(ACME), before);
      const events = await log.events("acme", 0, 1_000);
      assert.equal(events.at(-1)?.type, "NumberImported");
    });
  }
});

describe("a command whose number is released before it is answered", () => {
  for (const [what, place] of [["bought", 0], ["imported", 1]] as const) {
    test(`is answered with the number as the command left it: ${what}`, async () => {
      const { ledger, log, changed, ids } = await open();
      const id = ids[place];
      let isWritten = false;
      changed.load = async (organization, needs) => {
        const { type } = (await log.events("acme", 0, 1_000)).at(-1) ?? assert.fail();
        if (type === "RoutingChanged" && !isWritten) {
          isWritten = true;
          assert.ok((await ledger.release(ACME, id)).ok);
        }
        return await log.load(organization, needs);
      };
      const routed = await ledger.route(ACME, id, { label: "Sales" });
      assert.ok(routed.ok, JSON.stringify(routed));
      const { holding, status, assistantName } = routed.value;
      assert.deepEqual(
        [holding.id, holding.routing.label, status, assistantName],
        [id, "Sales", "active", null],
      );
      assert.equal(await ledger.numbers.get(ACME, id), null);
    });
  }
});

test("a number is shown with the name of its assistant, once that has one", async () => {
  const { ledger, ids: [id] } = await open();
  const shown = async () => (await ledger.numbers.get(ACME, id))?.assistantName;
  assert.equal(await shown(), null);
  assert.ok((await ledger.assign(ACME, "a1", [id])).ok);
  assert.equal(await shown(), null);
  for (const [assistant, name] of [["a1", "Ann"], ["a2", "Bob"]] as const) {
    assert.ok((await ledger.operator.nameAssistant("acme", { assistant, name })).ok);
  }
  assert.equal(await shown(), "Ann");
  assert.ok((await ledger.assign(ACME, "a2", [id])).ok);
  assert.equal(await shown(), "Bob");
});

test("a release that is asked for reads the number once, where no purchase is to be cancelled", async () => {
  const { ledger, log, changed, ids: [holding] } = await open();
  let loads = 0;
  changed.load = (...asked) => {
    loads += 1;
    return log.load(...asked);
  };
  const input = { holding, reason: "It is not used any more." };
  const asked = await ledger.releaseRequests.request(ACME, input);
  assert.ok(asked.ok, JSON.stringify(asked));
  assert.equal(loads, 1);
});
