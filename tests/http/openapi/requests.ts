/** Bodies that Speko's OpenAPI document allows, drawn from its schemas. */
import fc from "fast-check";
import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import { magicOf } from "../../../adapters/carrier/sandbox/magic.ts";
import { COUNTRY_CODES } from "../../../core/values/country.ts";
import type { E164 } from "../../../core/values/e164.ts";
import { type Schema, SCHEMAS } from "./schemas.ts";

type Body = Readonly<Record<string, unknown>>;

/** Text of any script, without characters that no database keeps; at most this many characters. */
const textOf = (maxLength: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: "grapheme", maxLength: Math.min(60, Math.floor(maxLength / 4)) }),
    fc.string({ unit: "binary", maxLength }),
    fc.constant("x".repeat(maxLength)),
    fc.constant("\u{1f4de}".repeat(maxLength)),
  ).filter((text) => !text.includes("\0") && [...text].length <= maxLength);

/** Text with visible characters. */
const saying = (text: fc.Arbitrary<string>, mark = "A"): fc.Arbitrary<string> =>
  text.map((drawn) => `${mark}${drawn}`.slice(0, -1).trim() || mark)
    .filter((drawn) => drawn.isWellFormed());

const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 _.:/@+-]{0,60}[A-Za-z0-9]$/);

const template: fc.Arbitrary<Body> = fc.dictionary(
  fc.string({ maxLength: 12 }).filter((name) => name !== "__proto__"),
  fc.jsonValue({ maxDepth: 3 }),
  { maxKeys: 6, noNullPrototype: true },
).map((drawn): Body => JSON.parse(JSON.stringify(drawn)))
  .filter((drawn) => JSON.stringify(drawn).length < 2_000 && !hasProto(drawn));

const hasProto = (value: unknown): boolean =>
  typeof value === "object" && value !== null &&
  Object.entries(value).some(([name, inner]) => name === "__proto__" || hasProto(inner));

const NAME = 200;
const name = saying(textOf(NAME));

/** What the contract says of an address, where the document has any object. */
const address = fc.record({
  street: name,
  city: name,
  state: name,
  postalCode: name,
  country: fc.constantFrom(...COUNTRY_CODES),
}, { noNullPrototype: true });

/**
 * Where the contract or our own bounds (`http/README.md`) are narrower than the document, by the
 * name of the member. What they leave out is refused by its name; that is tested where it belongs.
 */
const NARROWER: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  agentId: id,
  sipConnectionInstallationId: id,
  sipTrunkId: id,
  sipProviderName: textOf(NAME),
  dispatchMetadataTemplate: template,
  address,
  country: fc.constantFrom(...COUNTRY_CODES),
  legalName: name,
  displayName: name,
  entityType: name,
  registrationId: textOf(NAME),
  name,
  title: name,
  useCase: saying(textOf(400)),
  expectedUsage: saying(textOf(400)),
  website: fc.webUrl({ validSchemes: ["http", "https"], withQueryParameters: true }),
  email: fc.emailAddress().filter((email) => email.length <= 254),
};

/** Not with a national prefix, as in +49 030 1234: such a number would be imported twice. */
const isOneForm = (e164: string): boolean =>
  (parsePhoneNumberFromString(e164)?.number ?? e164) === e164;

/** Without the sandbox's magic numbers, which it refuses or sells above any limit. */
const phoneNumber = fc.oneof(
  fc.stringMatching(/^\+[1-9]\d{6,14}$/).filter(isOneForm),
  fc.integer({ min: 0, max: 9_999 }).map((line) => `+1415555${String(line).padStart(4, "0")}`),
).filter((e164) => magicOf(e164 as E164) === undefined);

const named = ({ $ref }: Schema): Schema | undefined =>
  $ref === undefined ? undefined : SCHEMAS[$ref.slice($ref.lastIndexOf("/") + 1)];

const propertiesOf = (schema: Schema): Readonly<Record<string, Schema>> => {
  const whole = named(schema) ?? schema;
  const inherited = (whole.allOf ?? []).map(propertiesOf);
  return Object.assign({}, ...inherited, whole.properties);
};

const requiredOf = (schema: Schema): readonly string[] => {
  const whole = named(schema) ?? schema;
  return [...(whole.allOf ?? []).flatMap(requiredOf), ...(whole.required ?? [])];
};

const valueOf = (schema: Schema, member: string): fc.Arbitrary<unknown> => {
  const whole = named(schema) ?? schema;
  const value = (): fc.Arbitrary<unknown> => {
    const narrower = NARROWER[member];
    if (narrower !== undefined) return narrower;
    if (whole.enum !== undefined) return fc.constantFrom(...whole.enum);
    if (whole.pattern !== undefined) return phoneNumber;
    if (whole.type === "boolean") return fc.boolean();
    if (whole.type === "string") return textOf(whole.maxLength ?? NAME);
    return bodyOf(whole);
  };
  return whole.nullable === true ? fc.option(value(), { freq: 4 }) : value();
};

/** Any body of a schema: what is optional may be absent, and what is nullable null. */
export const bodyOf = (schema: Schema): fc.Arbitrary<Body> => {
  const members = Object.entries(propertiesOf(schema)).map(([member, inner]) =>
    [member, valueOf(inner, member)] as const
  );
  const required = requiredOf(schema);
  return fc.record(Object.fromEntries(members), {
    requiredKeys: [...required] as never[],
    noNullPrototype: true,
  });
};

/** A query of `GET /v1/phone-numbers/available`. */
export const searchQuery: fc.Arbitrary<string> = fc.record({
  areaCode: fc.stringMatching(/^\d{3}$/),
  locality: saying(textOf(NAME)),
  limit: fc.integer({ min: 1, max: 50 }).map(String),
}, { requiredKeys: [], noNullPrototype: true })
  .map((query) => new URLSearchParams(query as Record<string, string>).toString());
