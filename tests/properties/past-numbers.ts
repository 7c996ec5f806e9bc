/** Stories of an organization, on servers whose clocks differ, and what is asked of its past. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { openTestClock } from "../../adapters/clock/test.ts";
import type { Caller, Ledger, NumberFilter } from "../../adapters/ledger/mod.ts";
import { rebuildAll, rebuildOrganization } from "../../adapters/ledger/rebuild/mod.ts";
import type { NumberView } from "../../core/number/view.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../../core/values/calendar.ts";
import type { E164 } from "../../core/values/e164.ts";
import { SIP } from "../support/app.ts";
import { numbersThen } from "../support/past-numbers.ts";
import { assertReplayed } from "../support/replayed.ts";
import { openWorlds } from "../support/worlds.ts";

const START = Date.parse("2026-01-31T10:00:00Z");
const E164S: readonly E164[] = [
  "+14155550101",
  "+14155550102",
  // Its order is refused.
  "+14155550112",
  // Its release fails twice.
  "+14155550116",
  "+442079460018",
];
const ASSISTANTS = ["agent", "agent 2"] as const;
const DIRECTIONS = ["inbound", "outbound", "both"] as const;
const WAITS = [0, 1, 30_000, MINUTE_MS, HOUR_MS, DAY_MS, 9 * DAY_MS, 40 * DAY_MS] as const;
/** How far the clock of another server is off. */
const SKEWS = [0, 0, 0, -1, -MINUTE_MS, 2 * MINUTE_MS, -3 * DAY_MS] as const;

/** What is done, and by a server whose clock is so far off. */
type Act = {
  readonly kind: typeof KINDS[number];
  readonly place: number;
  readonly direction: typeof DIRECTIONS[number];
  readonly assistant: typeof ASSISTANTS[number] | null;
  readonly sandbox: boolean;
  readonly wait: number;
  readonly skew: number;
};

const KINDS = [
  "buy",
  "buy",
  "import",
  "release",
  "release",
  "route",
  "assign",
  "name",
  "install",
  "work",
] as const;

const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.record<Act>({
    kind: fc.constantFrom(...KINDS),
    place: fc.nat(9),
    direction: fc.constantFrom(...DIRECTIONS),
    assistant: fc.option(fc.constantFrom(...ASSISTANTS)),
    sandbox: fc.boolean(),
    wait: fc.constantFrom(...WAITS),
    skew: fc.constantFrom(...SKEWS),
  }),
  { minLength: 4, maxLength: 30 },
);

/** One question: which numbers, how many at a time, and when, as a share of the story. */
export type Question = {
  readonly filter: NumberFilter;
  readonly limit: number;
  readonly sandbox: boolean;
  readonly when: number;
};

const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });

const questions: fc.Arbitrary<readonly Question[]> = fc.array(
  fc.record<Question>({
    filter: fc.record({
      assistant: maybe(fc.constantFrom(...ASSISTANTS)),
      source: maybe(fc.constantFrom("managed" as const, "imported" as const)),
      direction: maybe(fc.constantFrom(...DIRECTIONS)),
      has: maybe(fc.constantFrom(["sms"] as const, [])),
      lacks: maybe(fc.constantFrom(["whatsapp"] as const, [])),
      search: maybe(fc.constantFrom("", "415", "020 7946", "nothing")),
    }),
    limit: fc.integer({ min: 1, max: 4 }),
    sandbox: fc.boolean(),
    when: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { minLength: 1, maxLength: 6 },
);

/** A story, whether a live carrier is beside the sandbox, and what is asked. */
export const anyPast = fc.record({ acts, questions, isLive: fc.boolean() });

type Past = typeof anyPast extends fc.Arbitrary<infer Value> ? Value : never;

const perform = async (
  ledger: Ledger,
  user: Caller,
  { kind, place, direction, assistant, sandbox }: Act,
): Promise<void> => {
  const caller = { ...user, sandbox };
  const { organization } = user;
  const e164 = E164S[place % E164S.length] ?? "+14155550101";
  const trunk = place % 2 === 0 ? SIP.trunkId : "trunk_2";
  if (kind === "work") await ledger.work.run();
  if (kind === "buy") await ledger.purchase(caller, { e164, direction, assistant });
  if (kind === "import") {
    const via = place % 3 === 0 ? { sipTrunk: trunk } : { sipConnection: SIP.id };
    await ledger.import(caller, { e164, via, direction, assistant });
  }
  if (kind === "name") {
    const name = `Reception ${place}`;
    await ledger.operator.nameAssistant(organization, { assistant: assistant ?? "agent", name });
  }
  if (kind === "install") {
    const installation = place % 3 === 0 ? "sip_0" : SIP.id;
    const providerName = `Provider ${place}`;
    const ready = place > 4;
    await ledger.operator.installSipConnection(organization, {
      installation,
      providerName,
      trunk,
      ready,
    });
  }
  if (kind !== "release" && kind !== "route" && kind !== "assign") return;
  const held = await ledger.numbers.list(caller);
  const holding = held[place % Math.max(1, held.length)]?.holding;
  if (holding === undefined) return;
  const { id, source } = holding;
  if (kind === "route") await ledger.route(caller, id, { direction, assistant });
  if (kind === "assign") await ledger.assign(caller, assistant ?? "agent", [id]);
  if (kind === "release" && source === "managed") await ledger.release(caller, id);
  if (kind === "release" && source === "imported") {
    await ledger.route(caller, id, { assistant: null });
    await ledger.removeImport(caller, id);
  }
};

/** Fails unless all ways to ask for numbers as of a time give those that the whole log gives. */
const assertPast = async (
  { ledger, log }: { readonly ledger: Ledger; readonly log: EventLog },
  caller: Caller,
  { filter, limit }: Question,
  asOf: Instant,
  isLive: boolean,
): Promise<void> => {
  const scope = isLive ? caller.sandbox === true ? "sandbox" : "live" : "all";
  const all = await numbersThen(log, caller, asOf, { scope });
  const wanted = await numbersThen(log, caller, asOf, { filter, scope });
  assert.deepEqual(await ledger.numbers.list(caller, { asOf }), all);
  assert.deepEqual(await ledger.numbers.list(caller, { asOf, filter }), wanted);
  const pages: NumberView[] = [];
  for await (const page of ledger.numberPages(caller, filter, { asOf })) pages.push(...page);
  assert.deepEqual(pages, wanted);
  const read: NumberView[] = [];
  for (;;) {
    const after = read.at(-1)?.holding;
    const page = await ledger.numbers.list(caller, { asOf, filter, limit, after });
    if (page.length === 0) break;
    assert.equal(page.length, Math.min(limit, wanted.length - read.length));
    read.push(...page);
  }
  assert.deepEqual(read, wanted);
  const ids = new Set((await log.events(caller.organization, 0, 10_000)).flatMap(({ data }) => {
    const { holding } = Object(data);
    return typeof holding === "string" ? [holding] : [];
  }));
  for (const id of ids) {
    const view = all.find(({ holding }) => holding.id === id) ?? null;
    assert.deepEqual(await ledger.numbers.get(caller, id, { asOf }), view);
  }
};

/** Lets the story happen, asks, rebuilds the rows in both ways, and asks again. */
export const assertPastsOf = async (
  log: EventLog,
  { acts: done, questions: asked, isLive }: Past,
): Promise<void> => {
  const base = openTestClock(START);
  let skew = 0;
  const clock = { now: () => base.now() + skew, set: base.set };
  const app = openWorlds(log, clock, isLive);
  const organization = `org-${crypto.randomUUID()}`;
  const token = await app.organization(organization, "Growth");
  const user = await app.ledger.authenticate(token) ?? assert.fail();
  for (const act of done) {
    base.set(base.now() + act.wait);
    skew = act.skew;
    await perform(app.ledger, user, act);
  }
  skew = 0;
  base.set(base.now() + 3 * MINUTE_MS);
  const from = START - 4 * DAY_MS;
  const times = [...new Set((await log.events(organization, 0, 10_000)).map(({ at }) => at))];
  const ask = async (): Promise<void> => {
    for (const question of asked) {
      const caller = { ...user, sandbox: question.sandbox };
      const time = times[Math.floor(question.when * (times.length - 1))] ?? from;
      for (const asOf of [time - 1, time, from + Math.floor(question.when * (base.now() - from))]) {
        await assertPast({ ledger: app.ledger, log }, caller, question, asOf, isLive);
      }
    }
  };
  await ask();
  await assertReplayed(log);
  await rebuildOrganization(log, organization);
  await ask();
  await rebuildAll(log);
  await ask();
  await app.close();
};
