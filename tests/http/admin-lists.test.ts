/** The operator finds what waits for a decision, of all organizations, and past decisions. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { ADMIN_TOKEN, openTestApp, type TestApp } from "../support/app.ts";
import { BUSINESS, spekoCall } from "./speko-support.ts";
import { buy, userOf } from "./talk-support.ts";

const ask = (app: TestApp, path: string, token = ADMIN_TOKEN) =>
  app.request("GET", `/admin/${path}`, { token });

const listed = async (app: TestApp, path: string) => {
  const { status, json } = await ask(app, path);
  assert.equal(status, 200, JSON.stringify(json));
  return json;
};

type Row = { readonly id: string; readonly status: string };
const idsOf = (rows: readonly Row[]): readonly string[] => rows.map(({ id }) => id);

/** All rows of a list, page by page. */
const pages = async (app: TestApp, member: string, path: string): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  for (let after = "", turns = 0; turns < 50; turns += 1) {
    const page = await listed(app, `${path}${after === "" ? "" : `&after=${after}`}`);
    rows.push(...page[member]);
    if (page.next === null) return rows;
    after = page.next;
  }
  throw new Error("the list has no last page");
};

/** Opens an organization that requests the release of this number; returns the request's id. */
const askForRelease = async (app: TestApp, organization: string, e164: string) => {
  const call = userOf(app, await app.organization(organization));
  const id = await buy(call, e164, organization);
  const body = { reason: "We no longer need this number." };
  const asked = await call("POST", `/api/v1/phone-numbers/${id}/request-release`, { body });
  assert.equal(asked.status, 201, JSON.stringify(asked.json));
  return { ...asked.json.data, organization };
};

const NUMBERS = ["+14155550101", "+14155550102", "+14155550103", "+14155550104"];

test("release requests of all organizations are listed by status, the newest first, to their ids", async () => {
  const app = openTestApp({ log: await openPgliteLog({ folder: "memory" }) });
  assert.deepEqual(await listed(app, "release-requests"), { releaseRequests: [], next: null });
  const made = [];
  for (const [place, e164] of NUMBERS.entries()) {
    made.unshift(await askForRelease(app, `team_${place}`, e164));
    await app.advance(60);
  }
  const all = await listed(app, "release-requests");
  assert.deepEqual(Object.keys(all.releaseRequests[0])[0], "organization");
  assert.deepEqual(
    all.releaseRequests.map((row: object) => Object.entries(row).toSorted()),
    made.map((row) => Object.entries(row).toSorted()),
  );
  // An item of the list is decided by its id.
  const [newest, second, third] = all.releaseRequests;
  await app.admin("POST", `/admin/release-requests/${newest.id}/approve`);
  await app.admin("POST", `/admin/release-requests/${second.id}/reject`, { reason: "Printed." });
  const by = async (status: string) =>
    (await listed(app, `release-requests?status=${status}`)).releaseRequests;
  assert.deepEqual(idsOf(await by("approved")), [newest.id]);
  const [rejected] = await by("rejected");
  assert.deepEqual([rejected.id, rejected.rejection_reason, rejected.organization], [
    second.id,
    "Printed.",
    "team_2",
  ]);
  assert.deepEqual(await by("cancelled"), []);
  assert.deepEqual(idsOf(await by("pending")), idsOf(all.releaseRequests.slice(2)));
  const single = await listed(app, "release-requests?status=pending&limit=1");
  assert.deepEqual([idsOf(single.releaseRequests), single.next], [[third.id], third.id]);
  for (const limit of [1, 2, 3, 4, 100]) {
    assert.deepEqual(
      idsOf(await pages(app, "releaseRequests", `release-requests?limit=${limit}`)),
      idsOf(made),
      `in pages of ${limit}`,
    );
  }
  await app.close();
});

test("verifications of all organizations are listed by status, and hold no secret", async () => {
  const app = openTestApp();
  const tokens: string[] = [];
  const submitted: string[] = [];
  for (const organization of ["acme", "umbrella", "initech"]) {
    const token = await app.organization(organization);
    tokens.push(token);
    const { status, json } = await spekoCall(app, token)("POST", "/kyb/submit", BUSINESS);
    assert.equal(status, 200, JSON.stringify(json));
    submitted.unshift(json.id);
    await app.advance(60);
  }
  const waiting = await listed(app, "verifications?status=submitted");
  assert.deepEqual(idsOf(waiting.verifications), submitted);
  assert.deepEqual(
    waiting.verifications.map((row: { organizationId: string }) => row.organizationId),
    ["initech", "umbrella", "acme"],
  );
  assert.equal(waiting.next, null);
  for (const secret of [...tokens, ADMIN_TOKEN]) {
    assert.ok(!JSON.stringify(waiting).includes(secret), "a secret is shown");
  }
  const [first, second] = submitted;
  const approved = await app.admin("POST", `/admin/verifications/${first}/approve`);
  await app.admin("POST", `/admin/verifications/${second}/reject`, { reason: "Not readable." });
  const by = async (status: string) =>
    (await listed(app, `verifications?status=${status}`)).verifications;
  assert.deepEqual(await by("approved"), [approved]);
  assert.deepEqual(idsOf(await by("rejected")), [second]);
  assert.deepEqual(idsOf(await by("submitted")), submitted.slice(2));
  assert.deepEqual(idsOf(await pages(app, "verifications", "verifications?limit=2")), submitted);
  await app.close();
});

test("few of a status among very many are found, page after page, each once", async () => {
  const app = openTestApp();
  const call = userOf(app, await app.organization("acme", "Scale"));
  const { json } = await call("POST", "/api/v1/sip-trunks/sip_1/dids", {
    body: { country_code: "DE", number: "030 901820" },
  });
  const path = `/api/v1/phone-numbers/${json.data.id}/request-release`;
  const request = async () => {
    const asked = await call("POST", path, { body: { reason: "Not needed any more." } });
    assert.equal(asked.status, 201, JSON.stringify(asked.json));
    return asked.json.data.id;
  };
  // The oldest is rejected, and then a day's limit of them is withdrawn on each of three days.
  const oldest = await request();
  await app.admin("POST", `/admin/release-requests/${oldest}/reject`, { reason: "No." });
  for (let day = 0; day < 3; day += 1) {
    for (let made = 0; made < 900; made += 1) {
      const id = await request();
      await call("DELETE", `/api/v1/phone-numbers/release-requests/${id}`);
    }
    await app.advance(2 * 86_400);
  }
  const first = await listed(app, "release-requests?status=rejected");
  assert.deepEqual(first.releaseRequests, []);
  assert.notEqual(first.next, null);
  const found = await pages(app, "releaseRequests", "release-requests?status=rejected");
  assert.deepEqual(idsOf(found), [oldest]);
  const cancelled = await pages(
    app,
    "releaseRequests",
    "release-requests?status=cancelled&limit=100",
  );
  assert.equal(new Set(idsOf(cancelled)).size, 2_700);
  assert.equal(cancelled.length, 2_700);
  await app.close();
});

test("a list names the parameter that does not fit, and is the operator's alone", async () => {
  const app = openTestApp();
  const token = await app.organization("acme");
  for (const path of ["verifications", "release-requests"]) {
    const wrong: Readonly<Record<string, readonly string[]>> = {
      status: ["", "missing", "Pending", "undefined"],
      limit: ["", "0", "101", "-1", "x", "1e1"],
      after: ["", "%00", "x".repeat(201), "~", "zz", "vs", "rr", "pn_1", "vs_1", "%F0%9F%98%80"],
    };
    for (const [field, values] of Object.entries(wrong)) {
      for (const value of values) {
        const { status, json } = await ask(app, `${path}?${field}=${value}`);
        assert.deepEqual([status, Object.keys(json.errors ?? {})], [400, [field]], value);
      }
    }
    assert.equal((await ask(app, path, token)).status, 401);
    const posted = await app.request("POST", `/admin/${path}`, { token: ADMIN_TOKEN, body: {} });
    assert.deepEqual([posted.status, posted.headers.get("allow")], [405, "GET, HEAD"]);
  }
  await app.close();
});
