import { eventsOf, headsOf } from "../../core/log/pages.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { checkRows, type Difference } from "./check.ts";
import type { Mark } from "../ledger/api/feed.ts";
import { follow, followAll } from "../ledger/feed/follow.ts";
import { rebuildAll, rebuildOrganization } from "../ledger/rebuild/mod.ts";
import type { Audit } from "../log/sql/audit.ts";
import type { Meter } from "./progress.ts";

/** Where a command writes its lines; the command awaits the returned promise. */
export type Print = (line: string) => unknown;

/** Prints every organization's head, to be kept elsewhere: `<organization> <position> <hash>`. */
export const printHeads = async (log: EventLog, print: Print): Promise<void> => {
  for await (const page of headsOf(log)) {
    for (const { organization, head } of page) {
      await print(`${organization} ${head.position} ${head.hash}`);
    }
  }
};

const unknown = (organization: string): Error =>
  new Error(`there is no organization ${organization} in the log`);

/**
 * Prints an organization's events, one JSON object a line, in order; rejects when there are none.
 */
export const exportLog = async (
  log: EventLog,
  organization: string,
  print: Print,
): Promise<void> => {
  let printed = 0;
  for await (const page of eventsOf(log, organization)) {
    for (const event of page) await print(JSON.stringify(event));
    printed += page.length;
  }
  if (printed === 0) throw unknown(organization);
};

/**
 * Prints events as they are appended, one JSON object a line, until the signal is aborted: an
 * organization's after a position, or all organizations' from the beginning. Rejects when the one
 * has no log.
 */
export const followLog = async (
  log: EventLog,
  organization: string | undefined,
  after: Mark,
  signal: AbortSignal,
  print: (line: string) => Promise<void>,
): Promise<void> => {
  if (organization !== undefined) {
    const { head } = await log.load(organization, {});
    if (head.position === 0) throw unknown(organization);
    for await (const event of follow(log, organization, { after, signal })) {
      await print(JSON.stringify(event));
    }
    return;
  }
  for await (const { events } of followAll(log, { signal })) {
    for (const event of events) await print(JSON.stringify(event));
  }
};

/**
 * Computes the state rows of one organization, or of all together, from their logs; rejects when
 * the one has no log. Prints a line for each log that does not follow its hash chain, and returns
 * how many there were: their rows are computed from what is there now.
 */
export const rebuild = async (
  log: EventLog,
  organization: string | undefined,
  print: Print,
  meter: Meter,
): Promise<number> => {
  const broken = new Map<string, string>();
  const onBroken = (one: string, why: string): void => void broken.set(one, why);
  if (organization === undefined) {
    const { events, organizations } = await rebuildAll(log, meter.show, onBroken)
      .finally(meter.end);
    await print(`${events} events of ${organizations} organizations`);
  } else {
    const { events } = await rebuildOrganization(log, organization, onBroken);
    if (events === 0) throw unknown(organization);
    await print(`${organization}: ${events} events`);
  }
  for (const [one, why] of broken) {
    await print(
      `${JSON.stringify(one)}: the log is not intact: ${why}; its rows are of what is there`,
    );
  }
  return broken.size;
};

const SENTENCES: Readonly<Record<Difference["how"], (what: readonly string[]) => string>> = {
  added: () => "is there, and no event leads to it",
  missing: () => "is not there, and its log leads to it",
  changed: (what) => `differs from its log in ${what.join(", ")}`,
  log: ([why = ""]) => `cannot be followed: ${why}`,
  event: (what) => `is not marked with its command as it was written: ${what.join(", ")}`,
};

const thingOf = ({ how, kind, key }: Difference): string => {
  if (how === "log") return "the log";
  if (how === "event") return `the event at position ${key}`;
  return `${JSON.stringify(kind)} ${JSON.stringify(key)}`;
};

/** A difference as a line; ids may hold anything, so they are written as JSON. */
const lineOf = (difference: Difference): string => {
  const { organization, how, what } = difference;
  return `${JSON.stringify(organization)}: ${thingOf(difference)} ${SENTENCES[how](what)}`;
};

/** What to do about differences, of which so many are of logs; rows are made of a log as it is. */
const adviceOn = (differences: number, ofLogs: number): string =>
  ofLogs === 0
    ? '"ledgerline rebuild" makes them anew from the log'
    : `${ofLogs === differences ? "They" : `${ofLogs} of them`} are of the log itself: restore a ` +
      "backup, for a rebuild would make rows of what is there";

/**
 * Prints a line for each row or claim, of one organization or of all, that is not what the log
 * leads to, and then how much was looked at. Gives how many lines of the first kind there were.
 */
export const check = async (
  log: EventLog,
  audit: Audit,
  organization: string | undefined,
  print: Print,
): Promise<number> => {
  let [differences, ofLogs] = [0, 0];
  const { organizations, rows } = await checkRows(log, audit, organization, async (difference) => {
    differences += 1;
    if (difference.how === "log" || difference.how === "event") ofLogs += 1;
    await print(lineOf(difference));
  });
  const seen = `${rows} rows and claims of ${organizations} organizations`;
  await print(
    differences === 0
      ? `${seen}: all are what the log says`
      : `${seen}: ${differences} differences. ${adviceOn(differences, ofLogs)}`,
  );
  return differences;
};
