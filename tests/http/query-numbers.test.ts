/** Whole numbers in a query: every dialect measures them alike, and says so in the same words. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ADMIN_TOKEN, openTestApp } from "../support/app.ts";
import { buy, userOf } from "./talk-support.ts";

const app = openTestApp();
let token = "";
let number = "";

before(async () => {
  token = await app.organization("team_1");
  number = await buy(userOf(app, token), "+14155550101");
});

after(() => app.close());

/** Every parameter that is a whole number, with its bounds. */
const parameters = (): readonly (readonly [string, string, number, number])[] => [
  ["/admin/heads", "limit", 1, 1_000],
  ["/admin/reconciliations", "limit", 1, 100],
  ["/admin/reconciliations", "before", 1, Number.MAX_SAFE_INTEGER],
  ["/admin/verifications", "limit", 1, 100],
  ["/admin/release-requests", "limit", 1, 100],
  [`/ledger/numbers/${number}/history`, "limit", 1, 100],
  [`/ledger/numbers/${number}/history`, "after", 0, Number.MAX_SAFE_INTEGER],
  ["/v1/phone-numbers/available", "limit", 1, 50],
  ["/v1/credits/ledger", "limit", 1, 100],
];

const read = async (path: string, name: string, value: string) => {
  const bearer = path.startsWith("/admin") ? ADMIN_TOKEN : token;
  const { status, json } = await app.request("GET", `${path}?${name}=${value}`, { token: bearer });
  return { status, said: JSON.stringify(json) };
};

test("what is not in decimal digits is refused as no whole number", async () => {
  for (const [path, name] of parameters()) {
    for (const odd of ["", "-1", "%2B1", "1.5", "1e1", "0x1", "%201", "%D9%A1", "x"]) {
      const { status, said } = await read(path, name, odd);
      assert.equal(status, 400, `${path} ${name}=${odd}`);
      assert.match(said, new RegExp(`${name}.*must be a whole number`), `${path} ${odd}`);
    }
  }
});

test("digits are measured however many they are", async () => {
  for (const [path, name, least, most] of parameters()) {
    if (least > 0) {
      const { status, said } = await read(path, name, "0");
      assert.equal(status, 400, `${path} ${name}=0`);
      assert.match(said, new RegExp(`${name}.*must be at least ${least}`), path);
    }
    for (const digits of [16, 17, 400]) {
      const { status, said } = await read(path, name, "9".repeat(digits));
      assert.equal(status, 400, `${path} ${name} of ${digits} digits`);
      assert.match(said, new RegExp(`${name}.*must be at most ${most}\\b`), path);
    }
  }
});

test("zeros before a number do not change it", async () => {
  for (const [path, name, , most] of parameters()) {
    if (name !== "limit") continue;
    for (const value of ["1", `${most}`, `${"0".repeat(20)}1`]) {
      const { status, said } = await read(path, name, value);
      assert.equal(status, 200, `${path} ${value}: ${said}`);
    }
  }
});
