/** Any values of the domain. */
import fc from "fast-check";
import type { Instant } from "../../../core/values/calendar.ts";
import type { E164 } from "../../../core/values/e164.ts";
import type { Actor, IdPrefix } from "../../../core/values/identity.ts";
import { type Money, money } from "../../../core/values/money.ts";
import { NUMBERS, oddText, start } from "./contents.ts";

const digits = (least: number, most: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(..."0123456789"),
    minLength: least,
    maxLength: most,
  });

/** A North American number: area code and exchange begin with 2 to 9. */
const northAmerican = fc.tuple(fc.integer({ min: 2, max: 9 }), digits(2, 2))
  .map(([first, rest]) => `${first}${rest}`);

/** Any number in E.164 form, from 7 to 15 digits. Shrinks to `+14155550101`. */
export const e164: fc.Arbitrary<E164> = fc.oneof(
  { withCrossShrink: true },
  fc.constantFrom(...NUMBERS),
  fc.tuple(northAmerican, northAmerican, digits(4, 4))
    .map(([area, exchange, line]): E164 => `+1${area}${exchange}${line}`),
  fc.tuple(fc.integer({ min: 1, max: 9 }), digits(6, 14))
    .map(([first, rest]): E164 => `+${first}${rest}`),
);

/** Any name that a carrier can have. Shrinks to `sandbox`. */
export const carrierName: fc.Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  fc.constantFrom("sandbox", "telnyx"),
  fc.stringMatching(/^[a-z][a-z0-9_-]{0,31}$/),
);

/** Any amount from nothing to a billion dollars, often whole cents. Shrinks to nothing. */
export const amount: fc.Arbitrary<Money> = fc.oneof(
  { withCrossShrink: true },
  fc.nat(100_000).map((cents) => money(cents * 10_000)),
  fc.nat(1e15).map(money),
);

/** Any moment from 1970 to 2400; often one at which months are hard, such as a leap day. */
export const instant: fc.Arbitrary<Instant> = start;

/** Any id that we make, such as `pn_01jd…`. */
export const id = (prefix: IdPrefix): fc.Arbitrary<string> =>
  fc.ulid().map((ulid) => `${prefix}_${ulid.toLowerCase()}`);

/** Any caller of commands: a user of any name, the operator, or the ledger itself. */
export const actor: fc.Arbitrary<Actor> = fc.oneof(
  fc.constant<Actor>({ kind: "operator" }),
  fc.record({
    kind: fc.constant("user"),
    tokenId: id("tk"),
    email: fc.emailAddress(),
    name: oddText,
  }, { noNullPrototype: true }),
  fc.record({
    kind: fc.constant("ledger"),
    automation: fc.constantFrom("ordering", "trials", "renewals", "releasing", "charges"),
  }, { noNullPrototype: true }),
);
