/** The numbers of an assistant through the ledger's own API. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertProblem, bought, expected } from "./ledger-support.ts";
import { userOf, withTeam } from "./talk-support.ts";

const PATH = "/ledger/numbers";
const ASSIGNED = "/ledger/assistants/agent_1/numbers";
const ABSENT = "pn_00000000000000000000000000";

const idsOf = (rows: readonly { readonly id: string }[]): readonly string[] =>
  rows.map(({ id }) => id);

test("an assistant's numbers are set as a whole, one direction for all where it is given, and listed", () =>
  withTeam(async ({ app, call }) => {
    await app.admin("PUT", "/admin/organizations/team_1/assistants/agent_1", { name: "Desk" });
    const [a, b, c] = [
      await bought(call, "+14155550101"),
      await bought(call, "+14155550102", { assistant: "agent_2" }),
      await bought(call, "+14155550103"),
    ] as const;
    const put = async (body: unknown) => expected(await call("PUT", ASSIGNED, { body }), 200);
    // One that another assistant has moves.
    const set = await put({ numbers: [a.id, b.id] });
    assert.deepEqual(Object.keys(set), ["numbers"]);
    assert.deepEqual(idsOf(set.numbers), [a.id, b.id]);
    assert.deepEqual(set.numbers[1].assistant, { id: "agent_1", name: "Desk" });
    assert.deepEqual((await call("GET", ASSIGNED)).json, set);
    const directed = await put({ numbers: [b.id, c.id], direction: "inbound" });
    assert.deepEqual(
      directed.numbers.map((row: { direction: string }) => row.direction),
      ["inbound", "inbound"],
    );
    assert.deepEqual(idsOf(directed.numbers), [b.id, c.id]);
    const body = { direction: "outbound" };
    const turned = expected(await call("PATCH", ASSIGNED, { body }), 200);
    assert.deepEqual(
      turned.numbers.map((row: { direction: string }) => row.direction),
      ["outbound", "outbound"],
    );
    assert.equal((await call("GET", `${PATH}/${a.id}`)).json.direction, "both");
    assert.deepEqual(await put({ numbers: [] }), { numbers: [] });
    assert.deepEqual((await call("GET", ASSIGNED)).json, { numbers: [] });
  }));

test("an assistant's numbers stay as they are where one number is refused, or the body does not fit", () =>
  withTeam(async ({ app, call }) => {
    const { id } = await bought(call, "+14155550101");
    const other = userOf(app, await app.organization("team_2"));
    const theirs = await bought(other, "+14155550102");
    const put = (body: unknown) => call("PUT", ASSIGNED, { body });
    expected(await put({ numbers: [id] }), 200);
    for (const unknown of [theirs.id, ABSENT, "constructor"]) {
      const body = { numbers: [unknown, id], direction: "inbound" };
      assertProblem(await put(body), 404, "NUMBER_UNKNOWN");
      assertProblem(await put({ numbers: [unknown] }), 404, "NUMBER_UNKNOWN");
    }
    for (
      const [body, field] of [
        [{}, "numbers"],
        [{ numbers: id }, "numbers"],
        [{ numbers: [7] }, "numbers.0"],
        [{ numbers: Array(1_001).fill(id) }, "numbers"],
        [{ numbers: [id], direction: "up" }, "direction"],
        [{ numbers: [id], assistant: "agent_2" }, "assistant"],
        [{ phoneNumberIds: [id] }, "phoneNumberIds"],
      ] as const
    ) {
      const answer = await put(body);
      assertProblem(answer, 400, "VALIDATION_ERROR");
      assert.ok(Object.hasOwn(answer.json.errors, field), JSON.stringify(answer.json.errors));
    }
    assertProblem(await call("PATCH", ASSIGNED, { body: {} }), 400, "VALIDATION_ERROR");
    const odd = await call("PUT", "/ledger/assistants/agent%E2%80%8B/numbers", {
      body: { numbers: [id] },
    });
    assert.deepEqual([odd.status, Object.keys(odd.json.errors)], [400, ["assistant"]]);
    assert.deepEqual(idsOf((await call("GET", ASSIGNED)).json.numbers), [id]);
    assert.deepEqual((await other("GET", ASSIGNED)).json, { numbers: [] });
  }));
