/** Hostile answers to the Telnyx adapter: whatever comes, it returns a value of its port. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import * as v from "valibot";
import { openTestClock } from "../../adapters/clock/test.ts";
import { ORDER_FAILURES, ORDER_WAITS } from "../../core/ports/carrier.ts";
import type { Carrier, CarrierError } from "../../core/ports/mod.ts";
import { E164Schema } from "../../core/values/e164.ts";
import { MoneySchema } from "../../core/values/money.ts";
import type { Result } from "../../core/values/result.ts";
import { openTelnyx } from "../harness/emulators/telnyx/mod.ts";
import {
  type Garble,
  garbles,
  NOT_SAID_TO_BE_GONE,
  plausible,
  spoil,
} from "./corrupted-answers.ts";
import { carrierOf, HOSTILE_LIMITS, START } from "./support.ts";
import { runs } from "../support/runs.ts";

const RUNS = runs(100);

const MaybeText = v.nullable(v.string());
const Type = v.picklist(["local", "tollFree"]);
const Country = v.pipe(v.string(), v.regex(/^[A-Z]{2}$/));

const OfferSchema = v.strictObject({
  e164: E164Schema,
  type: Type,
  country: Country,
  setup: MoneySchema,
  monthly: MoneySchema,
  features: v.array(v.picklist(["voice", "sms", "mms", "whatsapp", "fax"])),
  region: v.strictObject({ state: MaybeText, locality: MaybeText, rateCenter: MaybeText }),
});

const OrderSchema = v.variant("status", [
  v.strictObject({
    status: v.literal("pending"),
    waitsFor: v.exactOptional(v.picklist(ORDER_WAITS)),
  }),
  v.strictObject({ status: v.literal("confirmed"), carrierId: v.pipe(v.string(), v.nonEmpty()) }),
  v.strictObject({
    status: v.literal("failed"),
    reason: v.picklist(ORDER_FAILURES),
    message: v.string(),
  }),
]);

const NumberSchema = v.strictObject({
  e164: E164Schema,
  carrierId: v.pipe(v.string(), v.nonEmpty()),
  status: v.picklist(["pending", "active", "other"]),
  orderKey: MaybeText,
  connectionId: MaybeText,
  messagingProfileId: v.exactOptional(MaybeText),
  attached: v.exactOptional(v.boolean()),
  country: v.exactOptional(Country),
  type: v.exactOptional(Type),
});

const ErrorSchema = v.strictObject({
  kind: v.picklist(["unreachable", "unknown", "refused"]),
  message: v.pipe(
    v.string(),
    v.nonEmpty(),
    v.maxLength(500),
    v.check((text) => text.isWellFormed() && !/[\u0000-\u001f]/.test(text)),
  ),
});

const KEY = "od_spoilt";
const ROUTE = {
  connectionId: "1494404757140276705",
  messagingProfileId: "400174af-0a13-4e28-b4f5-000000000001",
};

/** A world with one number of ours and one that can be bought; then every answer is corrupted. */
const meet = async (garble: Garble) => {
  const clock = openTestClock(START);
  const telnyx = await openTelnyx({ clock, orderMs: 0 });
  const carrier = carrierOf(telnyx, clock, HOSTILE_LIMITS);
  const filters = { country: "US", type: "local", areaCode: "415", limit: 2 } as const;
  const offers = await carrier.search(filters);
  assert.ok(offers.ok);
  const [ours, wanted] = offers.value;
  assert.ok(ours !== undefined && wanted !== undefined);
  await carrier.order({ key: "od_ours", e164: ours.e164, connectionId: null });
  const [kept] = telnyx.numbers();
  assert.ok(kept !== undefined);
  const spoilAll = () => telnyx.fail("any", { kind: "replaceAnswer", by: spoil(garble) });
  const spoilOrders = () => telnyx.fail("order", { kind: "replaceAnswer", by: spoil(garble) });
  const number = { carrierId: kept.id, e164: ours.e164 };
  return { telnyx, carrier, filters, number, wanted: wanted.e164, spoilAll, spoilOrders };
};

type Met = Awaited<ReturnType<typeof meet>>;
type Call = (met: Met) => Promise<Result<unknown, CarrierError>>;

const order: Call = ({ carrier, wanted }) =>
  carrier.order({ key: KEY, e164: wanted, connectionId: null });

const CALLS: Readonly<
  Record<
    keyof Omit<Carrier, "name" | "settlingMs" | "callsAtOnce" | "searchesBy">,
    readonly [
      Call,
      v.GenericSchema,
    ]
  >
> = {
  search: [({ carrier, filters }) => carrier.search(filters), v.array(OfferSchema)],
  quote: [({ carrier, wanted }) => carrier.quote(wanted), v.nullable(OfferSchema)],
  requirements: [
    ({ carrier }) => {
      assert.ok(carrier.requirements);
      return carrier.requirements({ country: "CH", type: "local" });
    },
    v.array(v.strictObject({ id: v.string(), name: v.string(), description: MaybeText })),
  ],
  order: [order, OrderSchema],
  findOrder: [({ carrier }) => carrier.findOrder("od_ours"), v.nullable(OrderSchema)],
  cancel: [
    ({ carrier }) => carrier.cancel?.("od_ours") ?? assert.fail("Telnyx cancels orders"),
    v.picklist(["cancelled", "filled", "open", "none"]),
  ],
  findNumber: [({ carrier, number }) => carrier.findNumber(number.e164), v.nullable(NumberSchema)],
  inventory: [
    ({ carrier }) => carrier.inventory(null),
    v.strictObject({ numbers: v.array(NumberSchema), next: MaybeText }),
  ],
  has: [({ carrier, number }) => carrier.has(number), v.boolean()],
  connect: [
    ({ carrier, number }) => carrier.connect(number, "1494404757140276705"),
    v.picklist(["connected", "gone"]),
  ],
  suspend: [
    ({ carrier, number }) => carrier.suspend?.(number) ?? assert.fail("it cannot"),
    v.picklist(["suspended", "gone"]),
  ],
  resume: [
    ({ carrier, number }) => carrier.resume?.(number, ROUTE) ?? assert.fail("it cannot"),
    v.picklist(["resumed", "gone"]),
  ],
  release: [({ carrier, number }) => carrier.release(number), v.picklist(["released", "gone"])],
};

const assertFits = (result: Result<unknown, CarrierError>, schema: v.GenericSchema): void => {
  const fits = v.safeParse(
    result.ok ? schema : ErrorSchema,
    result.ok ? result.value : result.error,
  );
  assert.ok(fits.success, `${JSON.stringify(result)}: ${JSON.stringify(fits.issues)}`);
};

describe("the Telnyx adapter, given corrupted answers", () => {
  for (const [name, [call, schema]] of Object.entries(CALLS)) {
    test(`answers ${name} with a value or an error of its port`, () =>
      fc.assert(
        fc.asyncProperty(garbles, async (garble) => {
          const met = await meet(garble);
          met.spoilAll();
          const result = await call(met);
          assertFits(result, schema);
          assert.ok(!JSON.stringify(result).includes(met.telnyx.apiKey));
          met.telnyx.close();
        }),
        { numRuns: RUNS },
      ));
  }

  test("never reports an accepted order as not accepted", () =>
    fc.assert(
      fc.asyncProperty(plausible, async (garble) => {
        const met = await meet(garble);
        met.spoilOrders();
        const result = await order(met);
        assertFits(result, OrderSchema);
        assert.equal(met.telnyx.orders().length, 2, "the order was not sent");
        assert.ok(result.ok ? result.value !== null : result.error.kind === "unknown");
        if (result.ok) assert.doesNotMatch(JSON.stringify(result.value), /"failed"/);
        assert.equal(met.telnyx.requests("order"), 2, "the order was sent again");
        met.telnyx.close();
      }),
      { numRuns: RUNS },
    ));

  test("leaves out a number whose price is not believed, and offers the others", async () => {
    for (const part of ["upfront_cost", "monthly_cost"]) {
      const met = await meet({ kind: "contentType", type: "application/json" });
      const offered = await met.carrier.search(met.filters);
      assert.ok(offered.ok && offered.value.length === 2);
      const by = async (answer: Response): Promise<Response> => {
        const { data: [first, ...others], ...rest } = await answer.json();
        const cost_information = { ...first.cost_information, [part]: "100000000.01" };
        return Response.json({ data: [{ ...first, cost_information }, ...others], ...rest });
      };
      met.telnyx.fail("any", { kind: "replaceAnswer", by });
      const found = await met.carrier.search(met.filters);
      assert.deepEqual(found, { ok: true, value: offered.value.slice(1) });
      const [{ e164 } = assert.fail()] = offered.value;
      assert.equal((await met.carrier.quote(e164)).ok, false);
    }
  });

  test("accepts null for optional members, as Telnyx writes it too", async () => {
    const met = await meet({ kind: "contentType", type: "application/json" });
    const by = async (answer: Response): Promise<Response> => {
      const { data, ...rest } = await answer.json();
      const empty = { connection_id: null, billing_group_id: null, messaging_profile_id: null };
      const filled = Array.isArray(data)
        ? data.map((each) => ({ ...empty, ...each }))
        : { ...empty, ...data };
      return Response.json({ data: filled, ...rest });
    };
    met.telnyx.fail("any", { kind: "replaceAnswer", by });
    assert.equal((await order(met)).ok, true);
    const found = await met.carrier.findOrder(KEY);
    assert.equal(found.ok && found.value?.status, "confirmed");
  });
});

describe("the Telnyx adapter, given a 404,", () => {
  test("treats nothing as gone, sold or unknown when a 404 is not in Telnyx's format", async () => {
    for (const text of NOT_SAID_TO_BE_GONE) {
      const met = await meet({ kind: "contentType", type: "text/html" });
      const by = () => Promise.resolve(new Response(text, { status: 404 }));
      met.telnyx.fail("any", { kind: "replaceAnswer", by });
      for (const [name, [call]] of Object.entries(CALLS)) {
        const result = await call(met);
        assert.ok(!result.ok && result.error.kind === "unknown", `${name}: ${text}`);
      }
      assert.equal(met.telnyx.numbers().length, 2);
    }
  });

  test("treats a number as gone when a 404 has Telnyx's code, as a string or as a number", async () => {
    for (const code of ["10005", 10005]) {
      for (const endpoint of ["retrieveNumber", "updateNumber", "deleteNumber"] as const) {
        const met = await meet({ kind: "contentType", type: "application/json" });
        const by = () => Promise.resolve(Response.json({ errors: [{ code }] }, { status: 404 }));
        met.telnyx.fail(endpoint, { kind: "replaceAnswer", by });
        const name = endpoint === "updateNumber" ? "connect" : "release";
        assert.deepEqual(await CALLS[name][0](met), { ok: true, value: "gone" });
      }
    }
  });
});
