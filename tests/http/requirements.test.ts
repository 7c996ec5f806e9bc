/** Numbers that need documents: what the operator sets, and what each dialect answers. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import { openTestApp, SHORT_WAIT_MS } from "../support/app.ts";
import { CREDITS } from "../support/plans.ts";

const PATH = "/admin/organizations/acme/requirements";
const SWISS = { country: "CH", type: "local" } as const;
const MISSING = {
  country: "CH",
  type: "local",
  missing: [
    {
      id: "sandbox_address",
      name: "Proof of address",
      description: "An invoice of the last three months that shows an address in the country.",
    },
    {
      id: "sandbox_registration",
      name: "Business registration",
      description: "An extract from the register of companies.",
    },
  ],
};

/** Paid from credits, without verification: they show what a purchase refunds. */
const PLANS = {
  ...DEFAULT_PLANS,
  Credits: CREDITS,
} as const;

/** An application with an organization, and its calls. */
const open = async (options: Parameters<typeof openTestApp>[0] = {}) => {
  const app = openTestApp({ plans: PLANS, ...options });
  const token = await app.organization("acme", "Credits");
  await app.admin("POST", "/admin/organizations/acme/credits", { amount: "100.00" });
  const call = (method: string, path: string, body?: unknown) =>
    app.request(method, path, { token, ...(body !== undefined && { body }) });
  return {
    app,
    set: (requirementGroupId: string | null) =>
      app.admin("PUT", PATH, { ...SWISS, requirementGroupId }),
    talkturo: (phoneNumber: string) =>
      call("POST", "/api/phone-numbers/purchase", { phoneNumber, teamId: "acme" }),
    speko: (e164: string) => call("POST", "/v1/phone-numbers", { e164 }),
    get: async (path: string) => (await call("GET", path)).json,
    credits: async () => (await app.admin("GET", "/admin/organizations/acme")).credits,
  };
};

describe("the operator's requirement groups", () => {
  let opened: Awaited<ReturnType<typeof open>>;
  before(async () => void (opened = await open()));
  after(() => opened.app.close());

  test("are set by country and type, listed in that order, replaced, and removed", async () => {
    const { app, set } = opened;
    const list = async () => (await app.admin("GET", PATH)).requirements;
    assert.deepEqual(await list(), []);
    const one = { ...SWISS, requirementGroupId: "rg_1" };
    const tollFree = { country: "BR", type: "toll-free", requirementGroupId: "rg_2" };
    assert.deepEqual(await set("rg_1"), one);
    assert.deepEqual(await app.admin("PUT", PATH, tollFree), tollFree);
    assert.deepEqual(await list(), [tollFree, one]);
    assert.deepEqual(await set("rg_3"), { ...one, requirementGroupId: "rg_3" });
    assert.deepEqual(await set(null), { ...one, requirementGroupId: null });
    assert.deepEqual(await set(null), { ...one, requirementGroupId: null });
    assert.deepEqual(await list(), [tollFree]);
  });

  test("are refused with the name of the field that does not fit", async () => {
    const { app } = opened;
    const good = { ...SWISS, requirementGroupId: "rg_1" };
    const put = async (body: unknown, path = PATH, token = "admin-secret-of-tests") => {
      const { status, json } = await app.request("PUT", path, { token, body });
      return { status, answer: JSON.stringify(json) };
    };
    const bad: readonly (readonly [string, unknown])[] = [
      ["country", { ...good, country: "C1" }],
      ["country", { ...good, country: "XX" }],
      ["country", { type: "local", requirementGroupId: "rg_1" }],
      ["type", { ...good, type: "mobile" }],
      ["type", { ...good, type: "constructor" }],
      ["type", { country: "CH", requirementGroupId: "rg_1" }],
      // A missing member may be a misspelt one, and would remove the group unintentionally.
      ["requirementGroupId", SWISS],
      ["requirementGroupId", { ...good, requirementGroupId: "" }],
      ["requirementGroupId", { ...good, requirementGroupId: 7 }],
      ["requirementGroupId", { ...good, requirementGroupId: "x".repeat(201) }],
    ];
    for (const [field, body] of bad) {
      const { status, answer } = await put(body);
      assert.equal(status, 400, answer);
      assert.match(answer, new RegExp(field));
    }
    const unseen = await put({ ...good, requirementGroupId: "rg\u200b1" });
    assert.equal(unseen.status, 400);
    assert.match(unseen.answer, /requirement group's id.*ID_UNFIT/);
    const unknown = "/admin/organizations/nobody/requirements";
    assert.equal((await put(good, unknown)).status, 404);
    const list = await app.request("GET", unknown, { token: "admin-secret-of-tests" });
    assert.equal(list.status, 404);
    assert.equal((await put(good, PATH, "unknown")).status, 401);
  });
});

describe("a purchase where the carrier requires documents", () => {
  test("is refused in each dialect with what is missing, and nothing is charged", async () => {
    const { app, talkturo, speko, get, credits } = await open();
    const before = await credits();
    const turo = await talkturo("+41442550001");
    assert.equal(turo.status, 422);
    assert.deepEqual({ ...turo.json, error: null }, {
      success: false,
      error: null,
      code: "REQUIREMENTS_MISSING",
      requirements: MISSING,
    });
    const sentence = /local numbers of CH.*Proof of address, Business registration/;
    assert.match(turo.json.error, sentence);
    const answer = await speko("+41442550001");
    assert.equal(answer.status, 409);
    assert.equal(answer.json.code, "REQUIREMENTS_MISSING");
    assert.match(answer.json.error, sentence);
    assert.deepEqual(answer.json.requirements, MISSING);
    assert.deepEqual(await get("/v1/phone-numbers"), []);
    assert.equal(await credits(), before);
    await app.close();
  });

  test("succeeds under the same Idempotency-Key once the operator has set a group", async () => {
    const { app, set } = await open();
    const token = (await app.admin("POST", "/admin/organizations/acme/tokens", {
      email: "bob@example.com",
      name: "Bob",
    })).token;
    const buy = () =>
      app.request("POST", "/v1/phone-numbers", {
        token,
        headers: { "idempotency-key": "k1" },
        body: { e164: "+41442550001" },
      });
    assert.equal((await buy()).status, 409);
    await set("rg_ok");
    const bought = await buy();
    assert.equal(bought.status, 200);
    assert.equal((await buy()).json.id, bought.json.id);
    await app.close();
  });
});

describe("a purchase with a requirement group", () => {
  test("waits for a review, says so in each dialect, and is then confirmed", async () => {
    const { app, set, talkturo, get } = await open({ waitMs: SHORT_WAIT_MS });
    await set("rg_ok");
    const { status, json } = await talkturo("+41442550117");
    assert.equal(status, 202);
    assert.equal(json.phoneNumber.status, "purchasing");
    assert.equal(
      json.phoneNumber.message,
      "Phone number purchase waits until the carrier has reviewed the documents it requires",
    );
    const [speko] = await get("/v1/phone-numbers");
    assert.deepEqual(speko.setupStatus.issues, ["PURCHASE_PENDING"]);
    const { data: [talkover] } = await get("/api/v1/phone-numbers");
    assert.equal(talkover.current_status, "pending");
    const { id } = json.phoneNumber;
    const shown = async () => (await get("/ledger/numbers")).numbers[0];
    assert.deepEqual([(await shown()).status, (await shown()).waitsFor], ["purchasing", "review"]);
    await app.advance(30);
    assert.deepEqual([(await shown()).status, (await shown()).waitsFor], ["active", null]);
    const types = (await get(`/ledger/numbers/${id}/history`)).events
      .map(({ type }: { readonly type: string }) => type);
    assert.deepEqual(types.filter((type: string) => type === "OrderWaits"), ["OrderWaits"]);
    await app.close();
  });

  test("fails when the documents are declined after all, and refunds its credits", async () => {
    const { app, set, speko, get, credits } = await open({ waitMs: SHORT_WAIT_MS });
    const before = await credits();
    await set("rg_ok");
    const { status, json } = await speko("+41442550118");
    assert.equal(status, 200);
    assert.deepEqual(json.setupStatus.issues, ["PURCHASE_PENDING"]);
    assert.equal((await get("/ledger/numbers")).numbers[0].waitsFor, "correction");
    assert.equal(await credits(), "97.00");
    await app.advance(30);
    const failed = await get(`/v1/phone-numbers/${json.id}`);
    assert.deepEqual(failed.setupStatus.issues, ["PURCHASE_FAILED"]);
    const { events } = await get(`/ledger/numbers/${json.id}/history`);
    const end = events.find(({ type }: { readonly type: string }) => type === "PurchaseFailed");
    assert.equal(end.data.reason, "requirementsMissing");
    assert.equal(
      end.data.message,
      "Documents that the carrier requires are missing, or it did not accept them.",
    );
    assert.equal(await credits(), before);
    await app.close();
  });

  test("is refused when the carrier does not accept the group, in each dialect", async () => {
    const { app, set, talkturo, speko } = await open({ waitMs: SHORT_WAIT_MS });
    await set("rg_declined");
    const turo = await talkturo("+41442550001");
    assert.deepEqual([turo.status, turo.json.code], [422, "REQUIREMENTS_MISSING"]);
    assert.deepEqual(turo.json.requirements, { ...SWISS, missing: [] });
    const answer = await speko("+41442550002");
    assert.deepEqual([answer.status, answer.json.code], [409, "REQUIREMENTS_MISSING"]);
    await app.close();
  });
});
