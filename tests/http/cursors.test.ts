/** Cursors of pages: only what an earlier page gave is accepted, anything else is refused. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cursorOf } from "../../adapters/ledger/calls/cursors.ts";
import { InvalidArgument } from "../../adapters/validation/argument.ts";
import { ADMIN_TOKEN, openTestApp, type TestApp } from "../support/app.ts";
import { BUSINESS, spekoCall } from "./speko-support.ts";
import { buy, userOf } from "./talk-support.ts";

let app: TestApp;
let token: string;
let number: string;
/** A number and a release request of another organization. */
let foreign: readonly string[];

const USER = { email: "bob@example.com", name: "Bob" };

before(async () => {
  app = openTestApp();
  for (const [place, id] of ["acme", "bolt", "cask"].entries()) {
    const own = await app.organization(id, "Scale");
    const filed = await spekoCall(app, own)("POST", "/kyb/submit", BUSINESS);
    assert.equal(filed.status, 200, JSON.stringify(filed.json));
    const bought = await buy(userOf(app, own), `+1415555010${place + 2}`, id);
    const path = `/api/v1/phone-numbers/${bought}/request-release`;
    const asked = await userOf(app, own)("POST", path, { body: { reason: "No longer needed." } });
    assert.equal(asked.status, 201, JSON.stringify(asked.json));
  }
  token = await app.organization("team_1", "Scale");
  const call = userOf(app, token);
  number = await buy(call, "+14155550101");
  for (const e164 of ["+14155550105", "+14155550106"]) await buy(call, e164);
  for (let turn = 0; turn < 3; turn += 1) {
    const { json } = await call("POST", "/ledger/release-requests", {
      body: { number, reason: "No longer needed." },
    });
    await call("DELETE", `/ledger/release-requests/${json.id}`);
    await app.admin("POST", "/admin/organizations/team_1/credits", { amount: "1.00" });
    await app.admin("POST", "/admin/organizations/team_1/tokens", USER);
  }
  const { numbers } = await app.admin("GET", "/admin/numbers?organization=acme");
  const { releaseRequests } = await app.admin("GET", "/admin/release-requests");
  foreign = [numbers[0].id, releaseRequests.at(-1).id];
  await app.advance(3 * 86_400);
  for (let run = 0; run < 3; run += 1) await app.admin("POST", "/admin/reconciliations", {});
});

after(() => app.close());

const read = (path: string) =>
  app.request("GET", path, { token: path.startsWith("/admin") ? ADMIN_TOKEN : token });

/** Lists, their rows and cursor, and cursors that none of their pages gave. */
const lists = () =>
  [
    ["/admin/heads?limit=1", "heads", "after", ["nobody", "acme2", "~", "pn_1"]],
    ["/admin/reconciliations?limit=1", "reconciliations", "before", [
      "1",
      "999999",
      "9".repeat(15),
    ]],
    [`/ledger/numbers/${number}/history?limit=1`, "events", "after", ["999", "9".repeat(15)]],
    ["/ledger/numbers?limit=1", "numbers", "after", ["pn_1", ...foreign]],
    ["/ledger/release-requests?limit=1", "releaseRequests", "after", ["rr_1", number, ...foreign]],
    ["/ledger/credits/entries?limit=1", "entries", "before", ["1", "999", "9".repeat(15)]],
    ["/admin/organizations/team_1/tokens?limit=1", "tokens", "after", ["tk_1", number]],
    ["/admin/organizations?limit=1", "organizations", "after", ["nobody", "acme2", "~", "pn_1"]],
    ["/admin/numbers?limit=1", "numbers", "after", [number, "pn_1", "WyJpZCJd"]],
    [`/admin/numbers/${number}/history?limit=1`, "events", "after", ["999", "9".repeat(15)]],
    ["/admin/work?until=2027-01-01&limit=1", "work", "after", [number, "1", "WzFd"]],
    ["/admin/verifications?limit=1", "verifications", "after", ["vs_1", number, "rr_1"]],
    ["/admin/release-requests?limit=1", "releaseRequests", "after", ["rr_1", number, "vs_1"]],
  ] as const;

test("a cursor that no page gave is refused by its name, and is never an empty page", async () => {
  for (const [path, , cursor, foreign] of lists()) {
    for (const value of foreign) {
      const { status, json } = await read(`${path}&${cursor}=${value}`);
      assert.deepEqual([status, json.code], [400, "VALIDATION_ERROR"], `${path} ${value}`);
      assert.deepEqual(Object.keys(json.errors), [cursor], `${path} ${value}`);
      assert.match(json.errors[cursor][0], /the next of an earlier page; leave it out/);
      assert.match(json.detail, new RegExp(`^The request is invalid: ${cursor} must be the next`));
    }
  }
});

test("every cursor that a page gives leads to a page that is not empty", async () => {
  for (const [path, rows, cursor] of lists()) {
    let pages = 0;
    for (let next: string | number | null = ""; next !== null; pages += 1) {
      assert.ok(pages < 100, path);
      const { status, json } = await read(`${path}${next === "" ? "" : `&${cursor}=${next}`}`);
      assert.equal(status, 200, `${path} ${next}: ${JSON.stringify(json)}`);
      assert.ok(pages === 0 || json[rows].length > 0 || json.next === null, path);
      next = json.next;
    }
    assert.ok(pages > 2, path);
  }
});

test("the history of an unknown number is 404, wherever it is to begin", async () => {
  for (const query of ["", "?after=1", "?after=2&limit=1"]) {
    const { status, json } = await read(`/ledger/numbers/pn_nobody/history${query}`);
    assert.deepEqual([status, json.code], [404, "NUMBER_UNKNOWN"], query);
  }
});

test("the library rejects such a cursor by its path, and does nothing", async () => {
  const { operator, reconciliation, numbers } = app.ledger;
  const { caller } = { caller: await app.ledger.authenticate(token) };
  assert.ok(caller);
  const asked: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["page.after", () => operator.heads({ after: "nobody" })],
    ["list.after", () => operator.verifications({ after: "vs_1" })],
    ["list.after", () => operator.releaseRequests({ after: number })],
    ["page.before", () => reconciliation.list({ before: 1_000 })],
    ["options.after", () => numbers.history(caller, number, { after: 1_000 })],
  ];
  for (const [path, ask] of asked) {
    await assert.rejects(ask, (error) => error instanceof InvalidArgument && error.path === path);
  }
});

test("a cursor of the right form with a text that no database takes is refused as any other", async () => {
  for (const text of ["\0", "\ud800"]) {
    for (
      const [path, place] of [
        ["/admin/numbers?", ["id", `pn_${text}`]],
        ["/admin/numbers?organization=team_1&", ["listed", 1, text]],
        ["/admin/numbers?e164=%2B14155550101&", ["begun", text, 1]],
        ["/admin/work?", [1, text, "number", number, "renewals"]],
      ] as const
    ) {
      const { status, json } = await read(`${path}after=${cursorOf(place)}`);
      assert.deepEqual([status, Object.keys(json.errors ?? {})], [400, ["after"]], path);
    }
  }
});
