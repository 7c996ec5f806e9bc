/**
 * A number has one form in ASCII digits, wherever a caller writes it: another is refused, or means
 * the same number, so that no number is claimed a second time.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { allEventsOf } from "../../core/log/pages.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import type { E164 } from "../../core/values/e164.ts";
import { BUSINESS } from "../http/speko-support.ts";
import { openTestApp, SIP, type TestApp, type TestResponse } from "../support/app.ts";
import { assertReplayed } from "../support/replayed.ts";
import { runs } from "../support/runs.ts";

const NUMBER: E164 = "+14155550101";
const DIGITS = NUMBER.slice(1);

/** The ten digits of a script, of which this is the first. */
const digitsFrom = (zero: number) => (text: string): string =>
  text.replaceAll(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));

/** The same number in other spellings. */
const WRITINGS: Readonly<Record<string, string>> = {
  "after 00": `00${DIGITS}`,
  "after 011": `011${DIGITS}`,
  "after +00": `+00${DIGITS}`,
  "after + and 0": `+0${DIGITS}`,
  "without a plus": DIGITS,
  "with two": `++${DIGITS}`,
  "with spaces": "+1 415 555 0101",
  "with a space before": ` ${NUMBER}`,
  "with a line end": `${NUMBER}\n`,
  "with a line end before": `\n${NUMBER}`,
  "with another number's line": `${NUMBER}\n+14155550102`,
  "with a tab": `${NUMBER}\t`,
  "with a no-break space": `+1\u00a04155550101`,
  "with hyphens": "+1-415-555-0101",
  "with brackets": "+1 (415) 555-0101",
  "with dots": "+1.415.555.0101",
  "with an extension": `${NUMBER};ext=1`,
  "as a URI": `tel:${NUMBER}`,
  "as a SIP URI": `sip:${NUMBER}@example.com`,
  "in full-width digits": `+${digitsFrom(0xff10)(DIGITS)}`,
  "with a full-width plus": `\uff0b${DIGITS}`,
  "in full width": `\uff0b${digitsFrom(0xff10)(DIGITS)}`,
  "with one full-width digit": `${NUMBER.slice(0, -1)}\uff11`,
  "in Arabic digits": `+${digitsFrom(0x660)(DIGITS)}`,
  "in Devanagari digits": `+${digitsFrom(0x966)(DIGITS)}`,
  "in mathematical digits": `+${digitsFrom(0x1d7ce)(DIGITS)}`,
  "in superscript": `+${DIGITS.slice(0, -1)}\u00b9`,
  "with a zero-width space": `+1\u200b4155550101`,
  "with a direction": `\u202d${NUMBER}\u202c`,
  "with a byte order mark": `\ufeff${NUMBER}`,
  "with a NUL": `${NUMBER}\u0000`,
  "with the national prefix": `+1${DIGITS}`,
  "as a claim": `import:${NUMBER}`,
  "as the sandbox's claim": `sandbox:${NUMBER}`,
  "as a number": "1e0",
};

type Place = (app: TestApp, token: string, e164: string) => Promise<TestResponse>;

/** The HTTP calls by which a caller obtains a number. */
const PLACES: Readonly<Record<string, Place>> = {
  "Speko's import": (app, token, e164) =>
    app.request("POST", "/v1/phone-numbers/import", {
      token,
      body: { e164, sipConnectionInstallationId: SIP.id },
    }),
  "Speko's purchase": (app, token, e164) =>
    app.request("POST", "/v1/phone-numbers", { token, body: { e164 } }),
  "Talkturo's purchase": (app, token, e164) =>
    app.request("POST", "/api/phone-numbers/purchase", {
      token,
      body: { phoneNumber: e164, teamId: "umbrella" },
    }),
};

const countOf = async (log: EventLog): Promise<number> => {
  let count = 0;
  for await (const page of allEventsOf(log)) count += page.length;
  return count;
};

type Opened = {
  readonly log: EventLog;
  readonly app: TestApp;
  readonly acme: string;
  readonly umbrella: string;
};

/** A test's body, with an application that is closed after it. */
const opened = (use: (opened: Opened) => Promise<void>) => async (): Promise<void> => {
  const log = openMemoryLog();
  const app = openTestApp({ log, waitMs: 60_000 });
  try {
    const [acme, umbrella] = [await app.organization("acme"), await app.organization("umbrella")];
    await use({ log, app, acme, umbrella });
  } finally {
    await app.close();
  }
};

for (const holder of ["bought", "imported"] as const) {
  for (const [where, place] of Object.entries(PLACES)) {
    test(
      `a number that is ${holder} cannot be had in another spelling, in ${where}`,
      opened(async ({ log, app, acme, umbrella }) => {
        const hold = holder === "bought" ? PLACES["Speko's purchase"] : PLACES["Speko's import"];
        assert.equal((await hold?.(app, acme, NUMBER))?.status, 200);
        const before = await countOf(log);
        for (const [how, written] of Object.entries(WRITINGS)) {
          const { status, json } = await place(app, umbrella, written);
          assert.ok(status >= 400 && status < 500, `${how}: ${status} ${JSON.stringify(json)}`);
        }
        assert.equal(await countOf(log), before);
        await assertReplayed(log, [NUMBER]);
      }),
    );
  }
}

test(
  "programs are refused another spelling of a number, with the path of its field",
  opened(async ({ log, app }) => {
    const caller = { organization: "umbrella", actor: { kind: "operator" } } as const;
    const before = await countOf(log);
    for (const [how, written] of Object.entries(WRITINGS)) {
      // This one is another number, so its carrier or holder decides.
      if (how === "with the national prefix") continue;
      const e164 = written as E164;
      const via = { sipConnection: SIP.id };
      for (
        const answer of [
          await app.ledger.import(caller, { e164, via }),
          await app.ledger.purchase(caller, { e164 }),
        ]
      ) {
        assert.ok(!answer.ok && answer.error.code === "INVALID_ARGUMENT", how);
        assert.match(answer.error.message, /e164/);
      }
    }
    assert.equal(await countOf(log), before);
  }),
);

test(
  "a representative's number is kept in one spelling only",
  opened(async ({ app, acme }) => {
    for (const [how, phone] of Object.entries(WRITINGS)) {
      if (how === "with the national prefix") continue;
      const { authorizedRepresentative } = BUSINESS;
      const body = {
        ...BUSINESS,
        authorizedRepresentative: { ...authorizedRepresentative, phone },
      };
      const { status } = await app.request("PUT", "/v1/phone-numbers/kyb/draft", {
        token: acme,
        body,
      });
      assert.equal(status, 400, how);
    }
  }),
);

test(
  "an import in national notation is taken as it is written, and its line once",
  opened(async ({ app, acme, umbrella }) => {
    const bringIn = PLACES["Speko's import"];
    for (
      const [national, e164] of [
        ["+49030901820", "+4930901820"],
        ["+330142345678", "+33142345678"],
        ["+610412345678", "+61412345678"],
        ["+114155550177", "+14155550177"],
      ] as const
    ) {
      const taken = await bringIn?.(app, umbrella, national);
      assert.deepEqual([taken?.status, taken?.json.e164], [200, national], taken?.json.error);
      assert.equal((await bringIn?.(app, acme, e164))?.status, 409, e164);
    }
    // Some countries' numbers do begin with 0, and some belong to no country.
    for (const e164 of ["+390612345678", "+999123456789", "+883510012345"]) {
      assert.equal((await bringIn?.(app, umbrella, e164))?.status, 200, e164);
    }
  }),
);

test(
  "text before, in or after a number makes it another number, or refused",
  opened(async ({ log, app, acme, umbrella }) => {
    assert.equal((await PLACES["Speko's purchase"]?.(app, acme, NUMBER))?.status, 200);
    const before = await countOf(log);
    const odd = fc.constantFrom(
      ..." \t\n\r\u0000\u00a0\u200b\u200e\u2060\ufeff\uff0b+-().;,/#*e",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.nat(NUMBER.length),
        fc.array(odd, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(...Object.values(PLACES)),
        async (at, put, place) => {
          const written = NUMBER.slice(0, at) + put.join("") + NUMBER.slice(at);
          const { status } = await place(app, umbrella, written);
          assert.ok(status >= 400 && status < 500, `${JSON.stringify(written)}: ${status}`);
        },
      ),
      { numRuns: runs(200) },
    );
    assert.equal(await countOf(log), before);
  }),
);
