/** Requests of every kind, from nearly right to nonsense, to every route of every dialect. */
import fc from "fast-check";
import { admin } from "../../http/admin/mod.ts";
import type { Dialect } from "../../http/dialect.ts";
import { ledger } from "../../http/ledger/mod.ts";
import { speko } from "../../http/speko/mod.ts";
import { talkover } from "../../http/talkover/mod.ts";
import { talkturo } from "../../http/talkturo/mod.ts";
import { character } from "../harness/arbitraries/contents.ts";
import { SIP } from "../support/app.ts";

const DIALECTS: readonly Dialect[] = [talkover, talkturo, speko, admin, ledger];

const ROUTES = DIALECTS.flatMap((dialect) => dialect.routes.map((route) => ({ dialect, route })));

export type FuzzRequest = {
  readonly auth: Dialect["auth"];
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
};

/** The dialect that must answer at a path; null where it leads out of all of them, as `..` may. */
export const dialectAt = (path: string): Dialect["name"] | undefined => {
  const { pathname } = new URL(path, "http://localhost");
  return DIALECTS.find(({ bases }) => bases.some((base) => `${pathname}/`.startsWith(`${base}/`)))
    ?.name;
};

/** Existing ids that the requests may name. */
export type Known = {
  readonly ids: readonly string[];
  readonly numbers: readonly string[];
  readonly organization: string;
  /** The organization that may be closed; the caller's own would answer nothing afterwards. */
  readonly closable: string;
};

/** Texts that have broken parsers, databases or prototypes. */
const ODD = [
  "",
  " ",
  "\0",
  "a\0b",
  "\ud800",
  "x\udc00",
  "\u202e",
  "\u{1f469}\u200d\u{1f4bb}",
  "e\u0301".repeat(50),
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "'; DROP TABLE events; --",
  "x".repeat(5_000),
  "\uffff",
];

const anyText = fc.oneof(
  fc.constantFrom(...ODD),
  fc.string({ unit: character }),
  fc.string({ unit: "grapheme" }),
);

const anyNumber = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, 1e308, -1e308, 2 ** 53, 2 ** 53 + 2, 0.1, 5e-324),
);

const anyJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.constantFrom(null, true, false),
    anyNumber,
    anyText,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(anyText, tie("value"), { maxKeys: 4 }),
  ),
})).value;

/** A value that fits, most of the time. */
const mostly = (...fitting: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...fitting) }, {
    weight: 1,
    arbitrary: anyJson,
  });

const some = (members: Readonly<Record<string, fc.Arbitrary<unknown>>>) =>
  fc.record(members, { requiredKeys: [] });

const texts = (names: string, value: fc.Arbitrary<unknown>) =>
  Object.fromEntries(names.split(" ").map((name) => [name, value]));

/** A body with any of the members that any route knows, each nearly right. */
const likelyBody = ({ ids, numbers, organization }: Known): fc.Arbitrary<unknown> => {
  const text = mostly("a text", null);
  const number = mostly(...numbers, "+14155550100");
  const business = {
    ...texts("legalName displayName entityType registrationId useCase expectedUsage", text),
    country: mostly("US", "DE", null),
    website: mostly("https://example.com", null),
    address: some({ ...texts("street city state postalCode", text), country: mostly("US") }),
  };
  return some({
    filters: some({
      countryCode: mostly("US", "CA", "GB", "ZZ"),
      areaCode: mostly("415", "000"),
      numberType: mostly("local", "toll-free"),
      limit: mostly(1, 100),
    }),
    phoneNumber: number,
    e164: number,
    teamId: mostly(organization),
    ...texts("phoneNumberIds phone_number_ids", mostly([], [...ids], [ids[0], ids[0]])),
    country_code: mostly("US", "DE", "de"),
    number: mostly("030 901820", "+4930901821", ...numbers),
    label: text,
    template: mostly({}, { a: 1 }, null),
    assistant: mostly("agent_1", null),
    autoRenewal: mostly(true, false),
    smsCampaign: some({
      ...texts("profile campaign", text),
      status: mostly("ASSIGNED", "PENDING_ASSIGNMENT"),
    }),
    ...texts("reason", mostly("a reason that is long enough")),
    direction: mostly("inbound", "outbound", "both"),
    ...texts("agentId sipProviderName connectionId", text),
    dispatchMetadataTemplate: fc.oneof(fc.dictionary(anyText, anyJson), mostly({}, null)),
    ...texts("sipConnectionInstallationId sipTrunkId", mostly("in_1", "trunk_1", null)),
    businessProfile: some(business),
    authorizedRepresentative: some({
      ...texts("name title", text),
      email: mostly("a@example.com", null),
      phone: mostly("+4922812345", null),
    }),
    attestationAccepted: mostly(true, false),
    name: mostly("A name"),
    plan: mostly("Growth", "Free", "Prepaid"),
    email: mostly("a@example.com"),
    sandbox: mostly(true),
    amount: mostly("25.00", "0.01"),
    ...texts("providerName trunkId", mostly("Twilio")),
    ready: mostly(true, false),
    seconds: mostly(0, 1, 86_400),
    carrier: mostly("sandbox", "telnyx"),
  });
};

const RAW = [
  "",
  "{",
  "null",
  '{"__proto__":{"filters":{}}}',
  '{"constructor":{"prototype":{}}}',
  '{"reason":"\\ud800\\ud800 half a pair"}',
  '{"seconds":1e999,"amount":"1e999"}',
  '{"dispatchMetadataTemplate":{"a":1e999,"\\u0000":1}}',
  "[".repeat(30_000),
  `${"[".repeat(30_000)}${"]".repeat(30_000)}`,
  `{"dispatchMetadataTemplate":${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}}`,
  `{"label":"${"x".repeat(70_000)}"}`,
];

const anyBody = (known: Known): fc.Arbitrary<string | undefined> =>
  fc.oneof(
    { weight: 6, arbitrary: likelyBody(known).map((value) => JSON.stringify(value)) },
    { weight: 2, arbitrary: anyJson.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.constantFrom(...RAW) },
    { weight: 1, arbitrary: anyText },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );

/** A part of a path: encoded text, or something that no encoder would produce. */
const anySegment = ({ ids, organization }: Known): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...ids, organization, SIP.id) },
    {
      weight: 2,
      arbitrary: anyText.map((text) => encodeURIComponent(text.toWellFormed()) || "-"),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom("%", "%zz", "%00", "%c0%80", "..;", "%2e%2e", "%2f", "a%2fb"),
    },
  );

const QUERY =
  `type has_voice has_whatsapp search page per_page teamId areaCode locality limit asOf before
  after status __proto__`.split(/\s+/);

const anyQuery = ({ ids, numbers, organization }: Known): fc.Arbitrary<string> => {
  const fitting = fc.constantFrom(
    "true",
    "voice",
    "1",
    "415",
    "2026-02-01",
    "%",
    "%00",
    "%ff",
    organization,
    ...ids,
    ...numbers,
  );
  const value = fc.oneof(
    fitting,
    anyText.map((text) => encodeURIComponent(text.toWellFormed())),
  );
  return fc.array(fc.tuple(fc.constantFrom(...QUERY), value), { maxLength: 4 })
    .map((pairs) => pairs.map(([name, text]) => `${name}=${text}`).join("&"));
};

const anyHeaders: fc.Arbitrary<Readonly<Record<string, string>>> = fc.record({
  "content-type": fc.oneof(
    { weight: 12, arbitrary: fc.constant("application/json") },
    { weight: 1, arbitrary: fc.constantFrom("text/plain", "application/json;charset=x", ";") },
  ),
  "idempotency-key": fc.oneof(fc.constantFrom("k1", "k2", "", "\u00e9"), fc.uuid()),
  "accept-language": fc.constantFrom("de", "pt-BR", "x;q=9", "*"),
}, { requiredKeys: ["content-type"] });

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PURGE"];

/** The path of a request, of another organization where it would close that of the caller. */
const sparing = ({ method, path }: FuzzRequest, { organization, closable }: Known): string => {
  const own = `/admin/organizations/${organization}?`;
  return method === "DELETE" && path.startsWith(own)
    ? path.replace(own, `/admin/organizations/${closable}?`)
    : path;
};

/** A request to a route of a dialect, most of the time with the method that it has. */
export const anyRequest = (known: Known): fc.Arbitrary<FuzzRequest> =>
  fc.constantFrom(...ROUTES).chain(({ dialect, route }) =>
    fc.record({
      auth: fc.constant(dialect.auth),
      method: fc.oneof(
        { weight: 9, arbitrary: fc.constant<string>(route.method) },
        { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
      ),
      path: fc.tuple(fc.array(anySegment(known), { minLength: 2, maxLength: 2 }), anyQuery(known))
        .map(([segments, query]) => {
          const rest = [...segments];
          return `${route.path.replace(/:\w+/g, () => rest.shift() ?? "-")}?${query}`;
        }),
      body: anyBody(known),
      headers: anyHeaders,
    })
  ).map((request) => ({ ...request, path: sparing(request, known) }));
