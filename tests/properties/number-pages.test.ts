/** All numbers, page by page, are as they were at one moment, whatever happens meanwhile. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Caller, Ledger, NumberFilter } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { NumberView } from "../../core/number/view.ts";
import { openTestApp, SIP } from "../support/app.ts";
import { e164At, openWithNumbers } from "../support/many-numbers.ts";
import { runs } from "../support/runs.ts";

/** More than two pages. */
const COUNT = 230;

type Act = {
  readonly kind: "remove" | "import" | "route" | "assign" | "name";
  readonly place: number;
  readonly assistant: "agent" | "other" | null;
};

const act: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom("remove", "import", "route", "assign", "name"),
  place: fc.nat(COUNT - 1),
  assistant: fc.constantFrom("agent", "other", null),
});

/** What is done after so many numbers were taken. */
const meanwhile = fc.array(fc.record({ after: fc.nat(COUNT), act }), { maxLength: 12 });

const filters: fc.Arbitrary<NumberFilter> = fc.constantFrom(
  {},
  { assistant: "agent" },
  { direction: "both" as const },
  { search: "555 10" },
);

/** Does this by one of the numbers; what is refused changes nothing. */
const perform = async (
  ledger: Ledger,
  caller: Caller,
  numbers: readonly NumberView[],
  { kind, place, assistant }: Act,
): Promise<void> => {
  const id = numbers[place % numbers.length]?.holding.id ?? "";
  if (kind === "remove") {
    await ledger.route(caller, id, { assistant: null });
    await ledger.removeImport(caller, id);
  }
  if (kind === "import") {
    const via = { sipConnection: SIP.id };
    await ledger.import(caller, { e164: e164At(COUNT + place), via });
    await ledger.import(caller, { e164: e164At(place), via });
  }
  if (kind === "route") await ledger.route(caller, id, { direction: "inbound", assistant });
  if (kind === "assign") await ledger.assign(caller, assistant ?? "agent", [id]);
  if (kind === "name") {
    await ledger.operator.nameAssistant("acme", { assistant: "agent", name: `Agent ${place}` });
  }
};

test("numbers are given as they were at one moment, however much changes meanwhile", async () => {
  await fc.assert(
    fc.asyncProperty(filters, meanwhile, fc.boolean(), async (filter, acts, isPast) => {
      const { ledger, caller, clock, close } = await openWithNumbers(COUNT);
      const before = await ledger.numbers.list(caller, { filter });
      const all = await ledger.numbers.list(caller);
      const given: NumberView[] = [];
      const when = isPast ? { asOf: clock.now() } : {};
      for await (const page of ledger.numberPages(caller, filter, when)) {
        const before = given.length;
        given.push(...page);
        for (const { after, act } of acts) {
          if (after < before || after >= given.length) continue;
          clock.set(clock.now() + 1);
          await perform(ledger, caller, all, act);
        }
      }
      assert.deepEqual(given, before);
      await close();
    }),
    { numRuns: runs(60) },
  );
});

test("numbers are read no further than they are taken", async () => {
  const log = openMemoryLog();
  let pages = 0;
  const app = openTestApp({
    log: { ...log, list: (...asked) => (pages++, log.list(...asked)) },
    runsAutomations: false,
    reconcilesDaily: false,
  });
  const caller = await app.ledger.authenticate(await app.organization("acme")) ?? assert.fail();
  assert.ok((await app.ledger.purchase(caller, { e164: "+14155550101" })).ok);
  const numbers = app.ledger.numberPages(caller);
  assert.equal(pages, 0);
  for await (const [first, ...others] of numbers) {
    assert.deepEqual([first?.holding.e164, others], ["+14155550101", []]);
    break;
  }
  assert.equal(pages, 1);
  const nobody = { ...caller, organization: "nobody" };
  for await (const page of app.ledger.numberPages(nobody)) assert.deepEqual(page, []);
  await app.close();
});
