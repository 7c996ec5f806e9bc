/**
 * End to end, over HTTP: a Telnyx that is down gets no requests, and is used again when it is back.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ALL_ENDPOINTS } from "../harness/emulators/telnyx/routes.ts";
import { assertSame, openCustomer, tally, type TelnyxApp, withTelnyx } from "./support.ts";
import { pause } from "../support/pause.ts";

const COOL_MS = 1_000;
const LIMITS = { failures: 5, coolMs: COOL_MS };
const CALLS = 30;

const requestsOf = ({ telnyx }: TelnyxApp): number =>
  ALL_ENDPOINTS.map(telnyx.requests).reduce((sum, count) => sum + count);

describe("a Telnyx that is down", () => {
  for (const kind of ["refuseConnection", "loseRequest"] as const) {
    test(`gets no requests after some failures, and again when it is back: ${kind}`, () =>
      withTelnyx({ limits: LIMITS }, async (subject) => {
        const { app, telnyx } = subject;
        const customer = await openCustomer(app, "acme", { plan: "Credits", credits: 100 });
        const [e164 = ""] = await customer.search(1);
        telnyx.fail("any", { kind });
        const before = requestsOf(subject);
        const startedAt = Date.now();
        const answers: { readonly status: number }[] = [];
        for (let calls = 0; calls < CALLS; calls++) {
          const body = { filters: { countryCode: "US", limit: 1 + calls } };
          const { token } = customer;
          answers.push(await app.request("POST", "/api/phone-numbers/search", { token, body }));
        }
        // A lost answer is reported as 502, since the request may have been accepted.
        const counts = tally(answers);
        assert.equal((counts["502"] ?? 0) + (counts["503"] ?? 0), CALLS);
        const probes = Math.floor((Date.now() - startedAt) / COOL_MS);
        const allowed = LIMITS.failures + probes;
        assert.ok((counts["503"] ?? 0) >= CALLS - allowed);
        assert.ok(requestsOf(subject) - before <= allowed);
        if (kind === "refuseConnection") {
          // No search's fault: an order is not tried.
          assert.equal((await customer.buy(e164)).status, 503);
          assert.equal((await app.admin("GET", "/admin/organizations/acme")).credits, "100.00");
        }
        telnyx.heal();
        await pause(COOL_MS + 50, "so long the circuit breaker stays open, by the machine's clock");
        assert.equal((await customer.search(1)).length, 1);
        assert.equal((await customer.buy(e164)).status, 200);
        assert.equal(await assertSame(subject, [customer]), 1);
        assert.equal(telnyx.requests("order"), 1);
      }));
  }

  for (const kind of ["serverError", "loseRequest"] as const) {
    test(`for one search alone is available for all others: ${kind}`, () =>
      withTelnyx({ limits: LIMITS }, async (subject) => {
        const { app, telnyx } = subject;
        const [alice, bob] = [
          await openCustomer(app, "acme", { plan: "Credits", credits: 100 }),
          await openCustomer(app, "globex", { plan: "Credits", credits: 100 }),
        ];
        const numbers = await bob.search(3);
        const fault = kind === "loseRequest" ? { kind } : { kind, carriedOut: false };
        const heal = telnyx.fail("search", fault);
        for (let calls = 0; calls < CALLS; calls++) {
          const body = { filters: { countryCode: "US", areaCode: "907", limit: 1 + calls } };
          const { status } = await app.request("POST", "/api/phone-numbers/search", {
            token: alice.token,
            body,
          });
          assert.ok(status === 502 || status === 503);
          const e164 = numbers[calls - CALLS / 2];
          if (e164 !== undefined) assert.equal((await bob.buy(e164)).status, 200);
        }
        heal();
        assert.equal((await bob.search(2)).length, 2);
      }));
  }
});
