/** The calls by which the operator reconciles, and the log in which reconciliations are kept. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RECONCILIATIONS } from "../../core/reconciliation/state.ts";
import { DAY_MS } from "../../core/values/calendar.ts";
import { failed } from "../../core/values/result.ts";
import { ADMIN_TOKEN } from "../support/app.ts";
import { gate } from "../support/gate.ts";
import { ONE, openWorld, START } from "./reconciliation-support.ts";

const token = ADMIN_TOKEN;

describe("POST /admin/reconciliations", () => {
  test("takes the carrier's name, and refuses a body that says anything else", async () => {
    const world = await openWorld();
    assert.equal((await world.reconcile({ carrier: "sandbox" })).status, 200);
    assert.equal((await world.reconcile({})).status, 200);
    for (
      const [body, field] of [
        [{ carrier: "telnyx" }, "carrier"],
        [{ carrier: "twilio" }, "carrier"],
        [{ carier: "sandbox" }, "carier"],
        [null, "body"],
        [[], "body"],
      ] as const
    ) {
      const { status, json } = await world.reconcile(body);
      assert.equal(status, 400, JSON.stringify(body));
      assert.deepEqual(Object.keys(json.errors), [field]);
    }
    const path = "/admin/reconciliations";
    assert.equal((await world.app.request("POST", path, { token: world.token })).status, 401);
    await world.app.close();
  });

  test("answers 409 while another one is under way", async () => {
    const answered = gate();
    const world = await openWorld({}, (carrier) => ({
      ...carrier,
      inventory: async (after) => {
        await answered.opened;
        return await carrier.inventory(after);
      },
    }));
    const first = world.reconcile();
    const second = await world.reconcile();
    assert.deepEqual([second.status, second.json.code], [409, "RECONCILIATION_RUNNING"]);
    answered.open();
    assert.equal((await first).status, 200);
    assert.equal((await world.reconcile()).status, 200);
    await world.app.close();
  });

  test("answers 503 or 502 with how far it came when the carrier fails", async () => {
    for (
      const [kind, status] of [["unreachable", 503], ["unknown", 502], ["refused", 502]] as const
    ) {
      const world = await openWorld({}, (carrier) => ({
        ...carrier,
        inventory: () => Promise.resolve(failed({ kind, message: "a storm" })),
      }));
      await world.buy(ONE);
      const answer = await world.reconcile();
      assert.equal(answer.status, status);
      assert.match(answer.json.detail, /broke off: a storm/);
      assert.deepEqual(answer.json.reconciliation.broken, { kind, message: "a storm" });
      assert.deepEqual(await world.list(), [ONE]);
      await world.app.close();
    }
  });
});

describe("GET /admin/reconciliations", () => {
  test("lists the latest first, page by page", async () => {
    const world = await openWorld();
    const ids: string[] = [];
    for (let run = 0; run < 5; run++) ids.unshift((await world.reconcile()).json.id);
    const list = async (query: string) => {
      const path = `/admin/reconciliations${query}`;
      const { status, json } = await world.app.request("GET", path, { token });
      assert.equal(status, 200);
      return { ids: json.reconciliations.map(({ id }: { id: string }) => id), next: json.next };
    };
    assert.deepEqual(await list(""), { ids, next: null });
    const first = await list("?limit=2");
    assert.deepEqual(first, { ids: ids.slice(0, 2), next: 4 });
    const second = await list(`?limit=2&before=${first.next}`);
    assert.deepEqual(second, { ids: ids.slice(2, 4), next: 2 });
    assert.deepEqual(await list("?limit=2&before=2"), { ids: ids.slice(4), next: null });
    await world.app.close();
  });

  test("answers 400 when the page is invalid", async () => {
    const world = await openWorld();
    for (const query of ["limit=0", "limit=101", "limit=x", "before=0", "before=1", "before=-1"]) {
      const path = `/admin/reconciliations?${query}`;
      const { status, json } = await world.app.request("GET", path, { token });
      assert.equal(status, 400, query);
      assert.deepEqual(Object.keys(json.errors), [query.split("=")[0]]);
    }
    await world.app.close();
  });
});

test("log of reconciliations is not an organization: it is not found, and cannot be opened", async () => {
  const world = await openWorld();
  await world.reconcile();
  const path = `/admin/organizations/${encodeURIComponent(RECONCILIATIONS)}`;
  const found = await world.app.request("GET", path, { token });
  assert.equal(found.status, 404);
  const body = { name: "Acme", plan: "Growth" };
  const opened = await world.app.request("PUT", path, { token, body });
  assert.deepEqual([opened.status, opened.json.code], [409, "ORGANIZATION_RESERVED"]);
  const user = { email: "a@example.com", name: "Al" };
  const issued = await world.app.request("POST", `${path}/tokens`, { token, body: user });
  assert.equal(issued.status, 404);
  await world.app.close();
});

test("reconciliation runs automatically every day, once however long the clock was stopped", async () => {
  const world = await openWorld();
  await world.app.ledger.work.run();
  const times = async () => {
    const { reports } = await world.app.ledger.reconciliation.list();
    return reports.map(({ finishedAt }) => (finishedAt - START) / DAY_MS);
  };
  assert.deepEqual(await times(), []);
  await world.app.advance(3 * DAY_MS / 1_000);
  assert.deepEqual(await times(), [3, 2, 1]);
  world.clock.set(START + 10.5 * DAY_MS);
  await world.app.ledger.work.run();
  assert.deepEqual(await times(), [10.5, 3, 2, 1]);
  await world.app.close();
});
