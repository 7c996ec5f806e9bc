import assert from "node:assert/strict";
import type { EventLog, Place, RecordedEvent } from "../../../../core/ports/mod.ts";
import type { Test } from "../../runner.ts";
import {
  appended,
  appendTo,
  eventsIn,
  newNumber,
  newOrganization,
  type TheLog,
} from "./support.ts";

/** More than an index takes of a text. */
const LONG = "pn_".padEnd(5_000, "0123456789abcdef");

/** Ids as they are made, long ones, and what JSON escapes or a database may not read. */
const HOLDINGS = [
  ..."pn_1 pn_10 pn_ 1 holding null".split(" "),
  "",
  'pn"1',
  "pn\\",
  "pn\u0001",
  "pn\u00e9\u{1f469}",
  "pn\ud800",
  LONG,
  `${LONG}1`,
];

/** Where an event may say what it is about, and where it does not though it looks so. */
const shapesFor = (holding: string): readonly unknown[] => [
  { holding },
  { holding, from: 1, label: "a\u0000\\u0000\ud800" },
  { request: "rr_1", holding },
  { label: '{"holding":"pn_1"}', holding, template: { holding: "other" } },
  { label: "\u0000\ud800\\ud800", holding },
  { template: { holding } },
  { label: `{"holding":"${holding}"}` },
  [{ holding }],
  { Holding: holding, holdings: [holding] },
];

const OTHERS: readonly unknown[] = [
  null,
  "holding",
  {},
  { holding: 1 },
  { holding: null },
  { holding: { holding: "pn_1" } },
  { holding: ["pn_1"], label: "pn_1" },
];

const naively = (events: readonly RecordedEvent[], holding: string): readonly RecordedEvent[] =>
  events.filter(({ data }) =>
    typeof data === "object" && data !== null && !Array.isArray(data) &&
    "holding" in data && data.holding === holding
  );

const allPages = async (
  log: EventLog,
  organization: string,
  holding: string,
  limit: number,
): Promise<readonly RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for (let after = 0;;) {
    const page = await log.eventsAbout(organization, holding, after, limit);
    const last = page[page.length - 1];
    if (last === undefined) return events;
    assert.ok(page.length <= limit, `${page.length} of at most ${limit}`);
    assert.ok(last.position > after, "pages overlap");
    events.push(...page);
    after = last.position;
  }
};

const LARGE = 400_000;
const COUNT = 12;

const aboutHoldings = (test: Test, theLog: TheLog): void => {
  test("eventsAbout gives what a filter of all events does, in pages of any size", async () => {
    const log = theLog();
    const [organization, other] = [newOrganization(), newOrganization()];
    // In an order in which those of one holding are apart.
    const shapes = HOLDINGS.map(shapesFor);
    const data = [...shapes[0]?.keys() ?? []].flatMap((shape) => shapes.map((each) => each[shape]));
    const events = [...data, ...OTHERS].map((each) => ({ type: "Tested", version: 1, data: each }));
    for (const id of [organization, other]) {
      for (let at = 0; at < events.length; at += 7) {
        await appended(log, appendTo(id, { expected: "any", events: events.slice(at, at + 7) }));
      }
    }
    const all = await eventsIn(log, organization);
    assert.equal(all.length, events.length);
    for (const holding of [...HOLDINGS, "pn", "unknown", "pn_1,", "pn\u0000"]) {
      const expected = naively(all, holding);
      for (const limit of [1, 2, 1_000]) {
        assert.deepEqual(await allPages(log, organization, holding, limit), expected, holding);
      }
      for (const after of [-1, 3, 8, all.length, all.length + 1]) {
        assert.deepEqual(
          await log.eventsAbout(organization, holding, after, 1_000),
          expected.filter(({ position }) => position > after),
        );
      }
    }
    assert.deepEqual(await log.eventsAbout(organization, "pn_1", 0, 0), []);
    assert.deepEqual(await log.eventsAbout(newOrganization(), "pn_1", 0, 9), []);
  });

  test("eventsAbout gives fewer than were asked for when they are large", async () => {
    const log = theLog();
    const organization = newOrganization();
    const text = "x".repeat(LARGE);
    const events = Array.from({ length: COUNT }, (_, index) => ({
      type: "Tested",
      version: 1,
      data: index % 2 === 0 ? { holding: "pn_1", text } : { text, holding: "pn_1" },
    }));
    await appended(log, appendTo(organization, { events }));
    const first = await log.eventsAbout(organization, "pn_1", 0, 1_000);
    assert.ok(first.length > 1 && first.length < COUNT, `${first.length} of ${COUNT} events`);
    const all = await allPages(log, organization, "pn_1", 1_000);
    assert.deepEqual(all, await eventsIn(log, organization));
  });
};

/** Looked up by what is behind a value with members of its own, and by what is not. */
const HIDDEN: readonly (readonly [type: string, data: unknown, isRefused: boolean])[] = [
  ["Tested", { template: {}, holding: "pn_1" }, true],
  ["Tested", { template: null, list: [], holding: "pn_1" }, true],
  ["Tested", { label: "", template: null, holding: "pn_1", list: [] }, false],
  ["Tested", { template: {}, holding: 1 }, false],
  ["Tested", { template: {}, e164: "+14155550101" }, false],
  ["NumberImported", { template: {}, e164: "+14155550101" }, true],
  ["NumberImported", { holding: "pn_1", list: [1], e164: "+14155550101" }, true],
  ["NumberImported", { holding: "pn_1", e164: "+14155550101", list: [1] }, false],
];

const refusingHidden = (test: Test, theLog: TheLog): void => {
  test("append refuses an event that is looked up by what is behind an object or a list", async () => {
    const log = theLog();
    for (const [type, data, isRefused] of HIDDEN) {
      const organization = newOrganization();
      const plain = { type: "Tested", version: 1, data: {} };
      const append = appendTo(organization, { events: [plain, { type, version: 1, data }] });
      if (isRefused) await assert.rejects(log.append(append), RangeError);
      else await appended(log, append);
      const position = isRefused ? 0 : 2;
      assert.equal((await eventsIn(log, organization)).length, position, JSON.stringify(data));
    }
  });
};

const beginningNumbers = (test: Test, theLog: TheLog): void => {
  test("eventsBeginning gives the beginnings of a number in all logs, in pages of any size", async () => {
    const log = theLog();
    const [e164, similar, odd] = [newNumber(), `${newNumber()}1`, `+1"\\${newNumber()}`];
    const ids = ["a", "b", "c"].map(newOrganization);
    const begins = (type: string, number: string) =>
      [
        { holding: "pn_1", e164: number, template: { e164: "+1" } },
        { holding: "pn_2", template: { e164 } },
        { e164: number, label: `"e164":"${e164}"` },
        { e164: [number] },
      ].map((data) => ({ type, version: 1, data }));
    const types = ["PurchaseRequested", "NumberAdopted", "NumberImported", "ReleaseStarted"];
    for (const id of ids) {
      for (const number of [e164, similar, odd]) {
        const events = types.flatMap((type) => begins(type, number));
        await appended(log, appendTo(id, { expected: "any", events }));
      }
    }
    for (const number of [e164, similar, odd]) {
      const all = (await Promise.all(ids.map((id) => eventsIn(log, id)))).flat();
      const expected = all.filter(({ type, data }) =>
        type !== "ReleaseStarted" && Object(data)["e164"] === number
      );
      assert.equal(expected.length, 3 * 3 * 2);
      for (const limit of [1, 4, 1_000]) {
        const pages: RecordedEvent[] = [];
        for (let after: Place = { organization: "", position: 0 };;) {
          const page = await log.eventsBeginning(number, after, limit);
          const last = page[page.length - 1];
          if (last === undefined) break;
          assert.ok(page.length <= limit);
          pages.push(...page);
          assert.ok(pages.length <= expected.length, "pages overlap");
          after = last;
        }
        assert.deepEqual(pages, expected);
      }
    }
    assert.deepEqual(await log.eventsBeginning("+1", { organization: "", position: 0 }, 9), []);
  });
};

/** Events are found by the holding that they are about, and by the number that they begin. */
export const about = (test: Test, theLog: TheLog): void => {
  aboutHoldings(test, theLog);
  beginningNumbers(test, theLog);
  refusingHidden(test, theLog);
};
