/** One organization searches in parallel at a carrier that is slow; another one buys meanwhile. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openTelnyxCarrier } from "../../adapters/carrier/telnyx/mod.ts";
import { openTestApp } from "../support/app.ts";
import { openTelnyx } from "../harness/emulators/telnyx/mod.ts";
import { until } from "../support/eventually.ts";
import { gate } from "../support/gate.ts";

/** The codes that the searches are made for; the purchases are of numbers in 415. */
const AREA = /national_destination_code%5D=(?!415)\d{3}(&|$)/;

test("64 parallel searches at a Telnyx that does not answer fail no purchase of another", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const telnyx = await openTelnyx({ clock, orderMs: 0 });
  after(() => telnyx.close());
  let held = 0;
  const released = gate();
  const slow: typeof fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (AREA.test(url)) {
      held += 1;
      await released.opened;
    }
    return await telnyx.fetch(input, init);
  };
  const { apiKey, baseUrl } = telnyx;
  const carrier = openTelnyxCarrier({
    apiKey,
    baseUrl,
    fetch: slow,
    clock,
    limits: { attemptMs: 18_000 },
  });
  const app = openTestApp({ carrier, clock, setClock: clock.set, waitMs: 30_000 });
  after(() => app.close());
  const [greedy, other] = [await app.organization("greedy"), await app.organization("other")];

  const searches = Array.from(
    { length: 64 },
    (_, place) =>
      app.request("POST", "/api/phone-numbers/search", {
        token: greedy,
        body: { filters: { countryCode: "US", areaCode: String(201 + place) } },
      }),
  );
  await until(() => held > 0);
  assert.ok(held <= 2, `${held} searches are at the carrier`);

  const list = await app.request("POST", "/api/phone-numbers/search", {
    token: other,
    body: { filters: { countryCode: "US", areaCode: "415", limit: 4 } },
  });
  assert.equal(list.status, 200, JSON.stringify(list.json));
  for (const { phoneNumber } of list.json.numbers) {
    const bought = await app.request("POST", "/api/phone-numbers/purchase", {
      token: other,
      body: { phoneNumber, teamId: "other" },
    });
    assert.equal(bought.status, 200, JSON.stringify(bought.json));
  }

  released.open();
  for (const { status, json } of await Promise.all(searches)) {
    assert.ok(status === 200 || (status === 429 && json.code === "RATE_LIMITED"), `${status}`);
  }
});
