/** An agent's calling: its direction and its numbers, in one call (http/README.md). */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MAX_IDS } from "../../adapters/validation/bounds.ts";
import { SIP, type TestResponse } from "../support/app.ts";
import { TALKOVER_CALLING } from "./seed-fields.ts";
import { misfits } from "./seed-fields-speko.ts";
import { buy, purchase, type Talk, userOf, withTeam } from "./talk-support.ts";
import { runs } from "../support/runs.ts";
import { KEPT, openKeepingSandbox } from "../support/keeping-sandbox.ts";

const NUMBERS = "/api/v1/phone-numbers";

const calling = (call: Talk, agent: string, body: unknown, language = "en") =>
  call("PUT", `/api/v1/agents/${agent}/calling`, {
    body,
    headers: { "accept-language": language },
  });

const set = async (call: Talk, agent: string, body: unknown) => {
  const { status, json } = await calling(call, agent, body);
  assert.equal(status, 200, JSON.stringify(json));
  return json.data;
};

const idsOf = ({ phone_numbers }: { readonly phone_numbers: readonly { readonly id: string }[] }) =>
  phone_numbers.map(({ id }) => id);

/** Every number with its direction and agent. */
const routes = async (call: Talk) => {
  const { json } = await call("GET", "/v1/phone-numbers");
  return json.map((row: Record<string, unknown>) => [row["id"], row["direction"], row["agentId"]]);
};

/** The numbers in service, with all that is shown of them. */
const list = async (call: Talk) =>
  (await call("GET", NUMBERS)).json.data
    .filter((row: { current_status: string }) => row.current_status === "active");

const assertFailure = ({ status, json }: TestResponse, expected: number, code: string) => {
  assert.deepEqual([status, json.success, json.code], [expected, false, code]);
};

test("an agent gets its numbers and their direction, and the answer has every member", () =>
  withTeam(async ({ app, call }) => {
    const first = await buy(call, "+14155550101");
    const second = await buy(call, "+14155550102");
    await app.admin("PUT", "/admin/organizations/team_1/assistants/agent_1", { name: "Desk" });
    await app.advance(60);
    const body = { direction: "inbound", phone_number_ids: [first, second] };
    const { status, json } = await calling(call, "agent_1", body);
    assert.equal(status, 200);
    assert.deepEqual(misfits(json, TALKOVER_CALLING), []);
    assert.deepEqual(json, {
      success: true,
      message: "Calling settings updated",
      data: {
        id: "agent_1",
        name: "Desk",
        direction: "inbound",
        current_status: "active",
        phone_numbers: [
          {
            id: first,
            number: "+14155550101",
            country_code: "US",
            formatted_number: "(415) 555-0101",
            current_status: "active",
          },
          {
            id: second,
            number: "+14155550102",
            country_code: "US",
            formatted_number: "(415) 555-0102",
            current_status: "active",
          },
        ],
        updated_at: "2026-01-31T10:01:00Z",
      },
    });
    const listed = (await call("GET", `${NUMBERS}?direction=inbound`)).json.data;
    assert.deepEqual(listed.map((row: { agents: unknown }) => row.agents), [
      [{ id: "agent_1", name: "Desk" }],
      [{ id: "agent_1", name: "Desk" }],
    ]);
  }));

test("ids that are left out leave the set, and an empty list empties it", () =>
  withTeam(async ({ call }) => {
    const first = await buy(call, "+14155550101");
    const second = await buy(call, "+14155550102");
    await set(call, "agent_1", { direction: "inbound", phone_number_ids: [first] });
    assert.deepEqual(idsOf(await set(call, "agent_1", { direction: "both" })), [first]);
    assert.deepEqual(await routes(call), [[first, "both", "agent_1"], [second, "both", null]]);
    // A number that the agent loses keeps the direction that it had.
    const next = { direction: "outbound", phone_number_ids: [second] };
    assert.deepEqual(idsOf(await set(call, "agent_1", next)), [second]);
    assert.deepEqual(await routes(call), [[first, "both", null], [second, "outbound", "agent_1"]]);
    const empty = await set(call, "agent_1", { direction: "inbound", phone_number_ids: [] });
    assert.deepEqual([idsOf(empty), empty.current_status], [[], "inactive"]);
    assert.deepEqual(await routes(call), [[first, "both", null], [second, "outbound", null]]);
  }));

test("the same call again appends nothing and answers the same, an id twice counting once", () =>
  withTeam(async ({ app, call }) => {
    const id = await buy(call, "+14155550101");
    const body = { direction: "inbound", phone_number_ids: [id, id] };
    const once = await set(call, "agent_1", body);
    const history = async () => (await call("GET", `/ledger/numbers/${id}/history`)).json.events;
    const events = await history();
    await app.advance(3_600);
    assert.deepEqual(await set(call, "agent_1", body), once);
    assert.deepEqual(await set(call, "agent_1", { direction: "inbound" }), once);
    assert.deepEqual(await history(), events);
  }));

test("a number of another agent moves, and an unnamed agent has a null name", () =>
  withTeam(async ({ call }) => {
    const id = await buy(call, "+14155550101");
    await set(call, "agent_1", { direction: "inbound", phone_number_ids: [id] });
    const moved = await set(call, "agent_2", { direction: "outbound", phone_number_ids: [id] });
    assert.deepEqual([moved.id, moved.name, idsOf(moved)], ["agent_2", null, [id]]);
    assert.deepEqual(idsOf(await set(call, "agent_1", { direction: "inbound" })), []);
    assert.deepEqual(await routes(call), [[id, "outbound", "agent_2"]]);
  }));

test("nothing changes when one number is another environment's, was released, or failed", () =>
  withTeam(async ({ app, call }) => {
    const id = await buy(call, "+14155550101");
    const gone = await buy(call, "+14155550102");
    assert.equal((await call("DELETE", `/api/phone-numbers/${gone}`)).status, 200);
    await purchase(call, "+14155550112");
    const leaving = await buy(call, KEPT);
    assert.equal((await call("DELETE", `/api/phone-numbers/${leaving}`)).status, 202);
    const listed = (await call("GET", NUMBERS)).json.data;
    const failedId = listed.find((row: { number: string }) => row.number === "+14155550112").id;
    const other = userOf(app, await app.organization("team_2"));
    const theirs = await buy(other, "+14155550103", "team_2");
    await set(call, "agent_1", { direction: "inbound", phone_number_ids: [id] });
    const before = await list(call);
    const body = (extra: string) => ({ direction: "outbound", phone_number_ids: [id, extra] });
    for (const absent of [theirs, gone, "pn_00000000000000000000000000", "__proto__"]) {
      assertFailure(await calling(call, "agent_2", body(absent)), 404, "NOT_FOUND");
    }
    const out = { [failedId]: "PHONE_NUMBER_NOT_IN_SERVICE", [leaving]: "NUMBER_BEING_RELEASED" };
    for (const [absent, code] of Object.entries(out)) {
      const refused = await calling(call, "agent_2", body(absent), "de");
      assertFailure(refused, 409, code);
      assert.equal(refused.json.phone_number_id, absent);
      assert.ok(refused.json.message.includes(absent), refused.json.message);
    }
    assert.deepEqual(await list(call), before);
    assert.equal((await other("GET", `/v1/phone-numbers/${theirs}`)).json.agentId, null);
  }, openKeepingSandbox().options));

test("what does not fit is refused by its field, in the reader's language", () =>
  withTeam(async ({ call }) => {
    const cases: readonly [unknown, string, Readonly<Record<string, string>>][] = [
      [{}, "direction", {
        en: "The direction field is required.",
        de: "direction muss ausgefüllt werden.",
        "pt-BR": "O campo direction é obrigatório.",
      }],
      [{ direction: "sideways" }, "direction", {
        en: "The selected direction is invalid.",
        de: "Der gewählte Wert für direction ist ungültig.",
        "pt-BR": "O campo direction selecionado é inválido.",
      }],
      [{ direction: "both", phone_number_ids: "pn_1" }, "phone_number_ids", {
        en: "The phone number ids field must be a list of ids.",
        de: "phone number ids muss eine Liste von IDs sein.",
        "pt-BR": "O campo phone number ids deve ser uma lista de IDs.",
      }],
      [{ direction: "both", phone_number_ids: null }, "phone_number_ids", {
        en: "The phone number ids field must be a list of ids.",
      }],
      [{ direction: "both", phone_number_ids: ["pn_1", 7] }, "phone_number_ids.1", {
        en: "The phone number ids.1 field must be a string.",
      }],
      [{ direction: "both", phone_number_ids: [""] }, "phone_number_ids.0", {
        en: "The phone number ids.0 field is invalid.",
      }],
      [{ direction: "both", phone_number_ids: Array(MAX_IDS + 1).fill("x") }, "phone_number_ids", {
        en: "The phone number ids field must not have more than 1,000 items.",
        de: "phone number ids darf maximal 1.000 Elemente haben.",
        "pt-BR": "O campo phone number ids não pode ter mais de 1.000 itens.",
      }],
    ];
    for (const [body, field, sentences] of cases) {
      for (const [language, sentence] of Object.entries(sentences)) {
        const { status, json } = await calling(call, "agent_1", body, language);
        assert.deepEqual([status, json.errors], [422, { [field]: [sentence] }]);
      }
    }
    const unseen = await calling(call, "agent%E2%80%8B", { direction: "both" }, "de");
    assert.deepEqual([unseen.status, Object.keys(unseen.json.errors)], [422, ["agent_id"]]);
    assert.equal((await calling(call, "agent_1", "[]")).status, 422);
    assert.equal((await call("POST", "/api/v1/agents/a/calling", { body: {} })).status, 405);
  }));

test("a number that is in use says in each language how to remove it from its agent", () =>
  withTeam(async ({ call }) => {
    const id = await buy(call, "+14155550101");
    await set(call, "agent_1", { direction: "inbound", phone_number_ids: [id] });
    const ask = (language: string) =>
      call("POST", `${NUMBERS}/${id}/request-release`, {
        body: { reason: "We no longer need it." },
        headers: { "accept-language": language },
      });
    const said = new Set<string>();
    for (const language of ["en", "de", "pt-BR"]) {
      const answer = await ask(language);
      assertFailure(answer, 422, "PHONE_NUMBER_IN_USE");
      assert.match(answer.json.message, /PUT \/api\/v1\/agents\/\{agent_id\}\/calling/);
      said.add(answer.json.message);
    }
    assert.equal(said.size, 3);
    await set(call, "agent_1", { direction: "inbound", phone_number_ids: [] });
    assert.equal((await ask("en")).status, 201);
  }));

test("any sequence of calls leaves each agent with the numbers of its last set", () =>
  withTeam(async ({ call }) => {
    const ids: string[] = [];
    for (const line of ["01", "02", "03"]) {
      const imported = await call("POST", "/v1/phone-numbers/import", {
        body: { e164: `+493090182${line}`, sipConnectionInstallationId: SIP.id },
      });
      ids.push(imported.json.id);
    }
    const step = fc.record({
      agent: fc.constantFrom("agent_1", "agent_2"),
      direction: fc.constantFrom("inbound", "outbound", "both"),
      set: fc.option(fc.array(fc.constantFrom(...ids), { maxLength: 4 }), { nil: undefined }),
    });
    // One environment for all runs: each begins with what the last one left.
    let model: readonly (readonly [string, string, string | null])[] = await routes(call);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
        for (const { agent, direction, set: wanted } of steps) {
          model = model.map(([id, had, owner]) => {
            const isIn = wanted === undefined ? owner === agent : wanted.includes(id);
            if (isIn) return [id, direction, agent];
            return [id, had, owner === agent ? null : owner];
          });
          const body = { direction, ...(wanted !== undefined && { phone_number_ids: wanted }) };
          const own = model.filter(([, , owner]) => owner === agent).map(([id]) => id);
          assert.deepEqual(idsOf(await set(call, agent, body)), own);
        }
        assert.deepEqual(await routes(call), model);
      }),
      { numRuns: runs(40) },
    );
  }));
