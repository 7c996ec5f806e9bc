/** Values for properties: texts, times, and contents that make eventful scenarios. */
import fc from "fast-check";
import type { ChangeRouting } from "../../../core/number/decisions/routing.ts";
import type { Routing } from "../../../core/number/details.ts";
import type { Offer } from "../../../core/ports/mod.ts";
import {
  DAY_MS,
  HOUR_MS,
  type Instant,
  MINUTE_MS,
  SECOND_MS,
} from "../../../core/values/calendar.ts";
import type { E164 } from "../../../core/values/e164.ts";
import type { Actor } from "../../../core/values/identity.ts";
import { type Money, money } from "../../../core/values/money.ts";
import type { VerificationDraft } from "../../../core/verification/draft.ts";
import type { VerificationContent } from "../../../core/events/verification.ts";
import { wholeBusiness } from "../story/businesses.ts";

/** Few numbers, so that scenarios meet on them. */
export const NUMBERS: readonly E164[] = [
  "+14155550101",
  "+14155550102",
  "+442071838750",
  "+18005550199",
];
export const PLANS = ["Free", "Growth", "Scale", "Prepaid"] as const;
export const ASSISTANTS = ["ann", "bea"] as const;

const codeOf = (character: unknown): number => {
  if (typeof character !== "string") throw new TypeError("no text");
  const [only = "", ...more] = character;
  if (only === "" || more.length > 0) throw new RangeError("not one character");
  return only.codePointAt(0) ?? 0;
};

/**
 * Any character at all, for `fc.string({ unit: character })`. The unit `binary` means the same, but
 * begins with a table of them all: a second of work, and 100 MB.
 */
export const character: fc.Arbitrary<string> = fc.integer({ min: 0, max: 0x10ffff })
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code), codeOf);

/** Text as people and programs send it, with what databases and JSON like to spoil. */
export const oddText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 20 }) },
  { weight: 2, arbitrary: fc.string({ unit: character, maxLength: 20 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "",
      "\u0000",
      "\ud800",
      "\udc00\ud800",
      "😀 👩‍👩‍👧",
      "\u2028\u2029",
      "__proto__",
      "constructor",
      "e\u0301 é \ufeff\ufffd",
      '"\\\n',
    ),
  },
);

/** Any JSON object; keys such as "constructor" and half surrogate pairs come with it. */
export const jsonObject: fc.Arbitrary<Record<string, unknown>> = fc.dictionary(
  oddText,
  fc.oneof(
    oddText,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(oddText, { maxLength: 3 }),
    fc.dictionary(oddText, oddText, { maxKeys: 3 }),
  ),
  { maxKeys: 4, noNullPrototype: true },
).map((object): Record<string, unknown> => JSON.parse(JSON.stringify(object)));

/** Moments at which months are hard: their last days, leap days, and the millisecond before. */
export const start: fc.Arbitrary<Instant> = fc.oneof(
  fc.constantFrom(
    "2024-01-31T10:00:00Z",
    "2024-02-29T00:00:00Z",
    "2026-01-30T12:00:00Z",
    "2026-12-31T23:59:59.999Z",
    "2028-02-28T23:59:59.999Z",
    "2099-11-30T06:00:00Z",
  ).map((iso) => Date.parse(iso)),
  fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2400, 0, 1) }),
);

/** Time that passes: seconds to months, often just what a rule waits for. */
export const pause: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(
    SECOND_MS,
    30 * MINUTE_MS,
    HOUR_MS,
    DAY_MS,
    5 * DAY_MS,
    7 * DAY_MS,
    28 * DAY_MS,
    31 * DAY_MS,
    95 * DAY_MS,
  ),
  fc.integer({ min: 1, max: 40 * DAY_MS }),
);

/** The price of the number of this index; none costs the same. */
export const offerOf = (e164: E164): Offer => ({
  e164,
  type: "local",
  country: "US",
  setup: money(1_000_000),
  monthly: money(1_000_000 + 3_500 * NUMBERS.indexOf(e164)),
  features: ["voice", "sms"],
  region: { state: null, locality: null, rateCenter: null },
});

/** The value, or null now and then. */
export const orNull = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.option(arbitrary, { nil: null });
/** Any text, or none. */
export const text: fc.Arbitrary<string | null> = orNull(oddText);
const PROFILE = {
  legalName: text,
  displayName: text,
  entityType: text,
  country: text,
  registrationId: text,
  website: text,
  address: orNull(
    fc.record({ street: text, city: text, state: text, postalCode: text, country: text }),
  ),
  useCase: text,
  expectedUsage: text,
};
const REPRESENTATIVE = { name: text, title: text, email: text, phone: text };

/** What an organization declares about its business. */
export const content: fc.Arbitrary<VerificationContent> = fc.record({
  businessProfile: fc.record(PROFILE),
  authorizedRepresentative: fc.record(REPRESENTATIVE),
  attestationAccepted: fc.boolean(),
});

/** A draft of it, which leaves some members out. */
export const draftContent: fc.Arbitrary<VerificationDraft> = fc.record({
  businessProfile: fc.record(PROFILE, { requiredKeys: [] }),
  authorizedRepresentative: fc.record(REPRESENTATIVE, { requiredKeys: [] }),
  attestationAccepted: fc.boolean(),
});

const said = oddText.map((more) => `Acme${more}`);

/** A whole business, in odd words. */
const wholeContent: fc.Arbitrary<VerificationContent> = fc
  .tuple(fc.record({ legalName: said, useCase: said, website: said }), said, text)
  .map(([over, name, phone]) => {
    const { businessProfile, authorizedRepresentative } = wholeBusiness();
    return {
      businessProfile: { ...businessProfile, ...over, registrationId: phone },
      authorizedRepresentative: { ...authorizedRepresentative, name, phone },
      attestationAccepted: false,
    };
  });

/** What is submitted, attested: as a rule a whole business. */
export const attestedContent: fc.Arbitrary<
  VerificationContent & { readonly attestationAccepted: true }
> = fc.oneof({ weight: 4, arbitrary: wholeContent }, content).map((given) => ({
  ...given,
  attestationAccepted: true as const,
}));

const direction = fc.constantFrom("inbound" as const, "outbound" as const, "both" as const);
/** How a number is routed. */
export const routing: fc.Arbitrary<Routing> = fc.record({
  direction,
  label: text,
  template: orNull(jsonObject),
});

/** Changes of routing, each with some of the fields. */
export const routingChange: fc.Arbitrary<Omit<ChangeRouting, "type" | "holding">> = fc.record(
  {
    direction,
    label: text,
    template: orNull(jsonObject),
    assistant: orNull(fc.constantFrom(...ASSISTANTS)),
  },
  { requiredKeys: [] },
);

/** One of the few numbers. */
export const e164: fc.Arbitrary<E164> = fc.constantFrom(...NUMBERS);
/** Money for credits: what one, a few or many months cost. */
export const credits: fc.Arbitrary<Money> = fc.constantFrom(3_500, 1_000_000, 2_000_000, 10_000_000)
  .map(money);

/** Who gives commands: users, the operator, the ledger itself. */
export const actor: fc.Arbitrary<Actor> = fc.constantFrom<Actor>(
  { kind: "operator" },
  { kind: "user", tokenId: "tk_1", email: "alice@example.com", name: "Alice" },
  { kind: "ledger", automation: "renewals" },
);
