/** How every log answers while the line to it fails, and its content afterwards. */
import assert from "node:assert/strict";
import type { Append, AppendOutcome, EventLog } from "../../../../core/ports/mod.ts";
import { type Milliseconds, SECOND_MS } from "../../../../core/values/calendar.ts";
import type { Test } from "../../runner.ts";
import { inTime } from "../transport.ts";
import {
  appended,
  appendTo,
  drafts,
  eventsIn,
  newNumber,
  newOrganization,
  rowOf,
  type TheLog,
} from "./support.ts";

/** What can go wrong between a log and what it is kept in. */
export const LOG_FAULTS = {
  noConnection: "no connection comes about, and those that there were are cut",
  lostBefore: "the connection is cut before what is asked arrives",
  lostAfter:
    "what is asked arrives and is carried out, and the connection is cut before the answer",
} as const;

/** Something that goes wrong between a log and what it is kept in. */
export type LogFault = keyof typeof LOG_FAULTS;

/** How the suite makes the line to a log fail. */
export type LogFaults = {
  /** From now on all requests of the log meet the fault, until `end`. */
  readonly begin: (fault: LogFault) => void | Promise<void>;
  /** From now on nothing fails. */
  readonly end: () => void | Promise<void>;
  /** A call must have ended after this long: 20 s where it is left out. */
  readonly patienceMs?: Milliseconds | undefined;
};

/** Finds out how the line to the log that was opened is made to fail. */
export type TheFaults = () => LogFaults;

const RECOVERY_MS: Milliseconds = 20 * SECOND_MS;

/** By name, for a log may come from another copy of this package. */
const isUnavailable = (error: unknown): boolean =>
  error instanceof Error && error.name === "Unavailable";

/**
 * The result of a call while the line fails: an answer, or null where the log says `Unavailable`.
 */
const orNull = async <Answer>(
  ask: () => Promise<Answer>,
  patienceMs: Milliseconds | undefined,
): Promise<Answer | null> => {
  try {
    return await inTime(ask, patienceMs);
  } catch (error) {
    if (isUnavailable(error)) return null;
    throw error;
  }
};

/** The answer, once the log has recovered: it may notice late that a connection was cut. */
const again = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> =>
  inTime(async () => {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  }, RECOVERY_MS);

/** An append of everything that an append can have, to a new organization. */
const wholeAppend = (): Append & { readonly command: NonNullable<Append["command"]> } => ({
  ...appendTo(newOrganization(), {
    events: drafts(3),
    rows: [rowOf("pn_1", { kept: true })],
    claims: [{ key: newNumber(), holder: "pn_1" }],
  }),
  command: { id: "c-1", fingerprint: "f" },
});

/** How much of an append is in the log: all four parts of it, or none of them. */
const partsOf = async (
  log: EventLog,
  { organization, claims, command }: ReturnType<typeof wholeAppend>,
) => {
  const { head, rows, claims: held, commands: [known] } = await again(() =>
    log.load(organization, {
      kinds: ["number"],
      claims: claims.map(({ key }) => key),
      commands: [command.id],
    })
  );
  return {
    events: (await again(() => eventsIn(log, organization))).length,
    position: head.position,
    rows: rows.length,
    claims: held.filter((claim) => claim.organization === organization).length,
    command: known?.fingerprint ?? null,
  };
};

const NOTHING = { events: 0, position: 0, rows: 0, claims: 0, command: null };
const ALL = { events: 3, position: 3, rows: 1, claims: 1, command: "f" };

/** Long before any time that another test uses. */
const DUE = 1;

type Question = (log: EventLog, organization: string, key: string) => Promise<number>;

/** How much a query finds where there is something. */
const QUESTIONS: Readonly<Record<string, Question>> = {
  load: async (log, organization) =>
    (await log.load(organization, { kinds: ["number"] })).rows.length,
  events: async (log, organization) => (await log.events(organization, 0, 10)).length,
  eventsAbout: async (log, organization, key) =>
    (await log.eventsAbout(organization, key, 0, 10)).length,
  eventsBeginning: async (log, _organization, key) =>
    (await log.eventsBeginning(key, { organization: "", position: 0 }, 10)).length,
  scan: async (log, organization) => (await log.scan({ organization, position: 0 }, 1)).length,
  find: async (log, _organization, key) => (await log.find("number", key)) === null ? 0 : 1,
  claims: async (log) => (await log.claims({ after: "+", below: ",", limit: 1 }, [])).length,
  due: async (log) => (await log.due(DUE, 10)).length,
  heads: async (log) => (await log.heads("", 1)).length,
};

/**
 * Asks everything concurrently while the line fails, since a log may be patient before it gives up.
 */
const askAll = async (log: EventLog, { begin, end, patienceMs }: LogFaults, fault: LogFault) => {
  const [whole, bare] = [wholeAppend(), { ...wholeAppend(), command: null }];
  const [organization, key] = [newOrganization(), `pn_${newOrganization()}`];
  const row = { ...rowOf(key, {}), work: { automation: "tests", due: DUE } };
  // Where the log looks it up, a number is any text.
  const events = [{ type: "NumberImported", version: 1, data: { holding: key, e164: key } }];
  const claims = [{ key: newNumber(), holder: key }];
  const { head } = await appended(log, appendTo(organization, { events, rows: [row], claims }));
  await begin(fault);
  try {
    const [ofWhole, ofBare, ...found] = await Promise.all([
      orNull(() => log.append(whole), patienceMs),
      orNull(() => log.append(bare), patienceMs),
      ...Object.entries(QUESTIONS).map(async ([call, ask]) => ({
        call,
        count: await orNull(() => ask(log, organization, key), patienceMs),
      })),
    ]);
    return { whole, bare, ofWhole, ofBare, found };
  } finally {
    await end();
    // Nothing with work to do is left for the tests that come after.
    const done = appendTo(organization, { expected: head, rows: [{ ...row, work: null }] });
    await again(() => log.append(done));
  }
};

/** An append with a command: whole or not at all, and once, however often it is repeated. */
const assertOnce = async (
  log: EventLog,
  append: ReturnType<typeof wholeAppend>,
  outcome: AppendOutcome | null,
): Promise<void> => {
  const parts = await partsOf(log, append);
  assert.deepEqual(parts, parts.events === 0 ? NOTHING : ALL);
  if (outcome !== null) {
    assert.equal(outcome.outcome, "appended", "nobody else appended");
    assert.deepEqual(parts, ALL);
  }
  const repeated = await again(() => log.append(append));
  assert.equal(repeated.outcome, parts.events === 0 ? "appended" : "repeated");
  assert.deepEqual(await partsOf(log, append), ALL);
};

/**
 * An append without a command: once at most; a head that has moved on shows that it was committed.
 */
const assertOnceAtMost = async (
  log: EventLog,
  append: Append,
  outcome: AppendOutcome | null,
): Promise<void> => {
  const { head } = await again(() => log.load(append.organization, {}));
  if (outcome !== null) assert.equal(outcome.outcome, "appended", "nobody else appended");
  assert.ok([0, 3].includes(head.position), `${head.position} of 3 events are committed`);
  const second = await again(() => log.append(append));
  assert.equal(second.outcome, head.position === 0 ? "appended" : "conflict");
  assert.equal((await eventsIn(log, append.organization)).length, 3);
};

/** Appends and queries over a line that fails. */
export const failing = (test: Test, theLog: TheLog, theFaults: TheFaults): void => {
  for (const fault of Object.keys(LOG_FAULTS) as LogFault[]) {
    test(`nothing is committed in part, or twice, or not found, when ${LOG_FAULTS[fault]}`, async () => {
      const log = theLog();
      const { whole, bare, ofWhole, ofBare, found } = await askAll(log, theFaults(), fault);
      for (const { call, count } of found) {
        assert.notEqual(count, 0, `${call} finds nothing, instead of saying that it cannot ask`);
      }
      await assertOnce(log, whole, ofWhole);
      await assertOnceAtMost(log, bare, ofBare);
    });
  }
};
