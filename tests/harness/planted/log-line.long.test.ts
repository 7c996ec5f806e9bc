/** The suite finds each log that answers wrongly while the line to it fails. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openMemoryLog } from "../../../adapters/log/memory/mod.ts";
import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { Append, AppendOutcome, EventLog } from "../../../core/ports/mod.ts";
import { failing, LOG_FAULTS, type LogFault, type LogFaults } from "../contract/log/faults.ts";
import { eventLogContract } from "../contract/log/suite.ts";
import { runSuite } from "../runner.ts";
import { findsOut, type Planted } from "./support.ts";

/** What a log does while its line fails: where faults are planted. */
type Parts = {
  readonly append: (fault: LogFault, append: Append, log: EventLog) => Promise<AppendOutcome>;
  /** The answer to a query; `nothing` is the answer of an empty log. */
  readonly read: <Answer>(call: keyof EventLog, nothing: Answer) => Promise<Answer>;
};

const cut = (): Promise<never> => Promise.reject(new Unavailable("the line is cut"));

const NEVER = (): Promise<never> => new Promise(() => {});

const GOOD: Parts = {
  append: async (fault, append, log) => {
    if (fault === "lostAfter") await log.append(append);
    return cut();
  },
  read: cut,
};

// One that answers does so immediately.
const PATIENCE_MS = 500;

const openCut = ({ append, read }: Parts): { log: EventLog; faults: LogFaults } => {
  const log = openMemoryLog();
  let failing: LogFault | null = null;
  const ask = <Answer>(call: keyof EventLog, nothing: Answer, make: () => Promise<Answer>) =>
    failing === null ? make() : read(call, nothing);
  return {
    log: {
      ...log,
      append: (input) => failing === null ? log.append(input) : append(failing, input, log),
      load: (...input) =>
        ask(
          "load",
          { head: EMPTY_HEAD, rows: [], claims: [], commands: [] },
          () => log.load(...input),
        ),
      events: (...input) => ask("events", [], () => log.events(...input)),
      eventsBeginning: (...input) =>
        ask("eventsBeginning", [], () => log.eventsBeginning(...input)),
      eventsAbout: (...input) => ask("eventsAbout", [], () => log.eventsAbout(...input)),
      scan: (...input) => ask("scan", [], () => log.scan(...input)),
      find: (...input) => ask("find", null, () => log.find(...input)),
      claims: (...input) => ask("claims", [], () => log.claims(...input)),
      due: (...input) => ask("due", [], () => log.due(...input)),
      heads: (...input) => ask("heads", [], () => log.heads(...input)),
    },
    faults: {
      begin: (fault) => {
        failing = fault;
      },
      end: () => {
        failing = null;
      },
      patienceMs: PATIENCE_MS,
    },
  };
};

/** Answers a query of this kind with nothing. */
const empties = (call: keyof EventLog) => ({ read }: Parts): Partial<Parts> => ({
  read: (asked, nothing) => asked === call ? Promise.resolve(nothing) : read(asked, nothing),
});

/** Writes this much of an append whose answer is lost. */
const writes = (part: (append: Append) => Append) => (): Partial<Parts> => ({
  append: async (fault, append, log) => {
    if (fault === "lostAfter") await log.append(part(append));
    return cut();
  },
});

const LINES: Planted<Parts> = {
  "calls committed what was lost on its way": ({ append }) => ({
    append: (fault, input, log) =>
      fault === "lostAfter"
        ? append(fault, input, log)
        : Promise.resolve({ outcome: "appended", head: EMPTY_HEAD, events: [] }),
  }),
  "calls a lost answer a conflict": () => ({
    append: async (fault, input, log) => {
      if (fault === "lostAfter") await log.append(input);
      return { outcome: "conflict", head: EMPTY_HEAD };
    },
  }),
  "calls a lost connection a claim of another's": () => ({
    append: (_fault, { claims: [held] }) =>
      Promise.resolve({
        outcome: "claimed",
        claim: { key: "+14155550101", holder: "pn_1", ...held, organization: "other" },
      }),
  }),
  "appends again on its own when the answer is lost": ({ append }) => ({
    append: async (fault, input, log) => {
      if (fault !== "lostAfter") return append(fault, input, log);
      await log.append(input);
      return log.append({ ...input, expected: "any", command: null, claims: [] });
    },
  }),
  "forgets the command whose answer is lost": writes((append) => ({ ...append, command: null })),
  "writes events without their rows": writes((append) => ({ ...append, rows: [] })),
  "writes events without their claims": writes((append) => ({ ...append, claims: [] })),
  "writes half of the events": writes((append) => ({
    ...append,
    events: append.events.slice(0, 1),
  })),
  "waits forever for the end of an append": () => ({ append: NEVER }),
  "waits forever for an answer": () => ({ read: NEVER }),
  "rejects with an error that says nothing": () => ({
    append: () => Promise.reject(new TypeError("socket hang up")),
  }),
  "loads an empty log": empties("load"),
  "ends the events where the line is cut": empties("events"),
  "ends the events of all where the line is cut": empties("scan"),
  "ends the events about a holding where the line is cut": empties("eventsAbout"),
  "ends the beginnings of a number where the line is cut": empties("eventsBeginning"),
  "finds no row": empties("find"),
  "has no claims": empties("claims"),
  "has no work due": empties("due"),
  "has no organizations": empties("heads"),
};

describe("the contract of logs whose line fails", () => {
  // The tests of the line alone: those before them, in the whole suite, take a second or two.
  findsOut(LINES, ({ test, after }, plant) => {
    const { log, faults } = openCut(plant(GOOD));
    failing(test, () => log, () => faults);
    after(() => log.close());
  });

  test("is part of the suite, for a log that says how its line is made to fail", async () => {
    const { log, faults } = openCut(GOOD);
    const results = await runSuite((runner) =>
      eventLogContract(runner, "cut", () => Promise.resolve(log), { faults: () => faults })
    );
    assert.deepEqual(results.filter(({ error }) => error !== null), []);
    const lines = results.filter(({ name }) => name.includes(LOG_FAULTS.lostAfter));
    assert.equal(lines.length, 1);
  });
});
