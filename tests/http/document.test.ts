/** http/README.md has every route, and shows records as they are answered. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, test } from "node:test";
import { openEventFeed } from "../../http/events/routes.ts";
import { DIALECTS, healthPaths } from "../../http/dialects.ts";
import { openTestApp } from "../support/app.ts";

const DOCUMENT = readFileSync(new URL("../../http/README.md", import.meta.url), "utf8");

/** What is in the first column of a table, where that is a call. */
const DOCUMENTED = [...DOCUMENT.matchAll(/^\| `([A-Z]+ \/\S*)` +\|/gm)].map(([, call]) => call);

const REGISTERED = [
  ...DIALECTS.flatMap(({ routes }) =>
    routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`)
  ),
  ...healthPaths().map((path) => `GET ${path}`),
  "GET /readyz",
  "GET /metrics",
  ...openEventFeed().routes()
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`),
  "POST /webhooks/telnyx",
  // Where pages and documents begin.
  "GET /",
  "GET /asyncapi.json",
  "GET /docs",
  "GET /docs/{api}/try",
  "GET /openapi/{api}.json",
];

const app = openTestApp();
after(() => app.close());
await app.admin("PUT", "/admin/organizations/acme", { name: "Acme", plan: "Growth" });
const user = { email: "alice@example.com", name: "Alice Johnson" };
const { token } = await app.admin("POST", "/admin/organizations/acme/tokens", user);
const get = async (path: string) => (await app.request("GET", path, { token })).json;
const body = { e164: "+14155550101", direction: "both", agentId: "asst_1" };
const { json: { id } } = await app.request("POST", "/v1/phone-numbers", { token, body });

test("http/README.md has every route, once, and no other", () => {
  assert.deepEqual(DOCUMENTED.toSorted(), REGISTERED.toSorted());
});

/** The record that is shown in a section: its nth block of JSON. */
const shown = (section: string, index = 0): unknown => {
  const [, text = ""] = DOCUMENT.split(`\n## ${section}\n`);
  const blocks = [...(text.split("\n## ")[0] ?? "").matchAll(/```json\n(.*?)```/gs)];
  return JSON.parse(blocks[index]?.[1] ?? "null");
};

/** The record with what differs from run to run written as in the document. */
const settled = (record: unknown): unknown =>
  JSON.parse(
    JSON.stringify(record)
      .replaceAll(/"pn_\w+"/g, '"pn_01kg9qxg80k62fnz31851ccj7y"')
      .replaceAll(/"vs_\w+"/g, '"vs_01kg9qxg80k62fnz31851ccj80"')
      .replaceAll(/"tk_\w+"/g, '"tk_01kg9qxg80k62fnz31851ccj7x"'),
  );

describe("http/README.md shows", () => {
  test("a number as Talkturo has it", async () => {
    const { phoneNumber } = await get(`/api/phone-numbers/${id}`);
    assert.deepEqual(settled(phoneNumber), shown("Talkturo"));
  });

  test("a number as Talkover has it", async () => {
    const { data: [number] } = await get("/api/v1/phone-numbers");
    assert.deepEqual(settled(number), shown("Talkover"));
  });

  test("a number as Speko has it", async () => {
    assert.deepEqual(settled(await get(`/v1/phone-numbers/${id}`)), shown("Speko"));
  });

  test("a submission as Speko has it", async () => {
    const submission = shown("Speko", 1) as Record<string, unknown>;
    const { businessProfile, authorizedRepresentative, attestationAccepted } = submission;
    const content = { businessProfile, authorizedRepresentative, attestationAccepted };
    const path = "/v1/phone-numbers/kyb/submit";
    const { json } = await app.request("POST", path, { token, body: content });
    assert.deepEqual(settled(json), submission);
  });

  test("a number as the ledger has it, which with more is one number alone", async () => {
    const { numbers: [number] } = await get("/ledger/numbers");
    assert.deepEqual(settled(number), shown("Ledger"));
    const whole = await get(`/ledger/numbers/${id}`);
    const features = ["voice", "sms"];
    assert.deepEqual(whole, { ...number, features, sip: null, template: null, smsCampaign: null });
  });
});
