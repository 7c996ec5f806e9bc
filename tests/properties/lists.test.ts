/**
 * Lists of numbers, by any filter and page, are what a filter of all numbers gives; in a world
 * beside another one too, and as of any time.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { openTestClock } from "../../adapters/clock/test.ts";
import type { Caller, Ledger, NumberFilter } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { written } from "../../adapters/numbering/written-number.ts";
import { featuresOf } from "../../core/number/state.ts";
import type { NumberView } from "../../core/number/view.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { DAY_MS, type Instant } from "../../core/values/calendar.ts";
import type { E164 } from "../../core/values/e164.ts";
import { searchFor } from "../http/search-model.ts";
import { SIP } from "../support/app.ts";
import { runs } from "../support/runs.ts";
import { openWorlds } from "../support/worlds.ts";

const START = Date.parse("2026-01-31T10:00:00Z");
const E164S: readonly E164[] = ["+14155550101", "+14155550102", "+14155550103", "+442079460018"];
const ASSISTANTS = ["agent", "agent 2"] as const;
const DIRECTIONS = ["inbound", "outbound", "both"] as const;
const FEATURES = ["voice", "sms", "whatsapp"] as const;

type Act = {
  readonly kind: "buy" | "import" | "release" | "route" | "assign" | "wait";
  readonly number: number;
  readonly direction: typeof DIRECTIONS[number];
  readonly assistant: typeof ASSISTANTS[number] | null;
  readonly sandbox: boolean;
};

const acts = fc.array(
  fc.record<Act>({
    kind: fc.constantFrom("buy", "import", "release", "route", "assign", "wait"),
    number: fc.nat(9),
    direction: fc.constantFrom(...DIRECTIONS),
    assistant: fc.option(fc.constantFrom(...ASSISTANTS)),
    sandbox: fc.boolean(),
  }),
  { minLength: 3, maxLength: 16 },
);

const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });
const features = maybe(fc.array(fc.constantFrom(...FEATURES), { maxLength: 2 }));

const asks = fc.array(
  fc.record({
    filter: fc.record({
      assistant: maybe(fc.constantFrom(...ASSISTANTS, "nobody")),
      source: maybe(fc.constantFrom("managed" as const, "imported" as const)),
      direction: maybe(fc.constantFrom(...DIRECTIONS)),
      has: features,
      lacks: features,
      search: maybe(fc.constantFrom("", "415", "(415) 555-0101", "020 7946", "pn_", "x", "%", "_")),
    }),
    limit: fc.integer({ min: 1, max: 4 }),
    skip: maybe(fc.nat(5)),
    sandbox: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);

const fitting = ({ holding }: NumberView, filter: NumberFilter): boolean => {
  const { assistant, source, direction, has = [], lacks = [], search } = filter;
  const { id, e164 } = holding;
  const carried = featuresOf(holding);
  return (assistant === undefined || holding.assistant === assistant) &&
    (source === undefined || holding.source === source) &&
    (direction === undefined || holding.routing.direction === direction) &&
    has.every((feature) => carried.includes(feature)) &&
    lacks.every((feature) => !carried.includes(feature)) &&
    (search === undefined || searchFor(search)({ id, e164, ...written(e164) }));
};

const worldOf = (caller: Caller, sandbox: boolean): Caller => ({ ...caller, sandbox });

/** Does what it can of these; what is refused changes nothing. */
const perform = async (
  ledger: Ledger,
  user: Caller,
  pass: () => Promise<void>,
  { kind, number, direction, assistant, sandbox }: Act,
): Promise<void> => {
  const caller = worldOf(user, sandbox);
  const e164 = E164S[number % E164S.length] ?? "+14155550101";
  const held = await ledger.numbers.list(caller);
  const id = held[number % Math.max(1, held.length)]?.holding.id;
  if (kind === "wait") await pass();
  if (kind === "buy") await ledger.purchase(caller, { e164, direction, assistant });
  if (kind === "import") {
    const via = { sipConnection: SIP.id };
    await ledger.import(caller, { e164, via, direction, assistant });
  }
  if (id === undefined) return;
  if (kind === "release") await ledger.release(caller, id);
  if (kind === "route") await ledger.route(caller, id, { direction, assistant });
  if (kind === "assign") await ledger.assign(caller, assistant ?? "agent", [id]);
};

type Ask = {
  readonly filter: NumberFilter;
  readonly limit: number;
  readonly skip?: number | undefined;
  readonly sandbox: boolean;
};

/** Fails unless what is listed is what a filter of all numbers gives, now or as of a time. */
const assertListed = async (
  ledger: Ledger,
  user: Caller,
  { filter, limit, skip, sandbox }: Ask,
  asOf?: Instant,
): Promise<void> => {
  const caller = worldOf(user, sandbox);
  const when = asOf === undefined ? {} : { asOf };
  const all = (await ledger.numbers.list(caller, when)).filter((view) => fitting(view, filter));
  assert.deepEqual(await ledger.numbers.list(caller, { ...when, filter }), all);
  const read: NumberView[] = [];
  for (;;) {
    const after = read.at(-1)?.holding;
    const page = await ledger.numbers.list(caller, { ...when, filter, limit, after });
    if (page.length === 0) break;
    assert.ok(page.length <= limit);
    read.push(...page);
  }
  assert.deepEqual(read, all);
  if (asOf !== undefined) return;
  const from = skip ?? 0;
  assert.deepEqual(await ledger.numbers.page(caller, { filter, limit, skip }), {
    numbers: all.slice(from, from + limit),
    total: all.length,
  });
};

const run = async (
  log: EventLog,
  done: readonly Act[],
  asked: readonly Ask[],
  isLive: boolean,
): Promise<void> => {
  const clock = openTestClock(START);
  const app = openWorlds(log, clock, isLive);
  const organization = `org-${crypto.randomUUID()}`;
  const token = await app.organization(organization, "Growth");
  const user = await app.ledger.authenticate(token) ?? assert.fail();
  const times: Instant[] = [];
  const pass = async (): Promise<void> => {
    times.push(clock.now());
    clock.set(clock.now() + 20 * DAY_MS);
    await app.ledger.work.run();
  };
  for (const act of done) await perform(app.ledger, user, pass, act);
  for (const ask of asked) {
    await assertListed(app.ledger, user, ask);
    for (const asOf of times.slice(0, 2)) await assertListed(app.ledger, user, ask, asOf);
  }
  await app.close();
};

test("lists are what a filter of all numbers gives", async () => {
  await fc.assert(
    fc.asyncProperty(
      acts,
      asks,
      fc.boolean(),
      (done, asked, isLive) => run(openMemoryLog(), done, asked, isLive),
    ),
    { numRuns: runs(200) },
  );
});
