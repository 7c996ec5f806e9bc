/** What the carrier receives about a number whose price it is asked for. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import type { Carrier, NumberKind } from "../../core/ports/mod.ts";
import { HOUR_MS, SECOND_MS } from "../../core/values/calendar.ts";
import type { E164 } from "../../core/values/e164.ts";
import { openTestApp } from "../support/app.ts";

const open = async () => {
  const asked: (readonly [E164, NumberKind | undefined])[] = [];
  const sandbox = openSandboxCarrier();
  const carrier: Carrier = {
    ...sandbox,
    quote: (e164, kind) => {
      asked.push([e164, kind]);
      return sandbox.quote(e164, kind);
    },
  };
  const app = openTestApp({ carrier });
  const token = await app.organization("acme");
  const buy = (e164: E164) => app.request("POST", "/v1/phone-numbers", { token, body: { e164 } });
  return { ...app, token, asked, buy };
};

describe("a carrier that is asked for the price of a number", () => {
  test("receives the kind it offered the number as before, when that is too long ago for the price", async () => {
    const { asked, buy, request, advance, token, close } = await open();
    const path = "/v1/phone-numbers/available?areaCode=415&limit=1";
    const [{ e164 }] = (await request("GET", path, { token })).json;
    await advance(HOUR_MS / SECOND_MS);
    assert.equal((await buy(e164)).status, 200);
    assert.deepEqual(asked, [[e164, { country: "US", type: "local" }]]);
    await close();
  });

  test("receives the country of the calling code, where it offered nothing and one country has that code", async () => {
    const { asked, buy, close } = await open();
    const numbers = ["+4930901820001", "+14155550101", "+80012345678"] as const;
    for (const e164 of numbers) await buy(e164);
    assert.deepEqual(asked, [
      [numbers[0], { country: "DE" }],
      [numbers[1], {}],
      [numbers[2], {}],
    ]);
    await close();
  });
});

test("a number that another bought while its price was asked for is taken, not unavailable", async () => {
  const sandbox = openSandboxCarrier();
  const meanwhile: { buys?: () => Promise<unknown> } = {};
  const carrier: Carrier = {
    ...sandbox,
    quote: async (e164, kind) => {
      await meanwhile.buys?.();
      return await sandbox.quote(e164, kind);
    },
  };
  const app = openTestApp({ carrier });
  const [token, other] = [await app.organization("acme"), await app.organization("other")];
  const buy = (by: string, e164: E164) =>
    app.request("POST", "/v1/phone-numbers", { token: by, body: { e164 } });
  const path = "/v1/phone-numbers/available?areaCode=415&limit=1";
  const [{ e164 }] = (await app.request("GET", path, { token: other })).json;
  meanwhile.buys = () => buy(other, e164);
  const { status, json } = await buy(token, e164);
  assert.deepEqual([status, json.code], [409, "NUMBER_ALREADY_OWNED"]);
  assert.equal((await buy(token, "+800123456789" as E164)).status, 404);
  await app.close();
});
