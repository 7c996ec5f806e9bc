import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import * as v from "valibot";
import { EMPTY_HEAD, verifyChain } from "../../core/log/chain.ts";
import { eventsOf, headsOf } from "../../core/log/replay.ts";
import type { EventLog, Head, RecordedEvent } from "../../core/ports.ts";
import { ActorSchema } from "../../core/values/identity.ts";
import { failed, ok, type Result } from "../../core/values/result.ts";
import type { Mark } from "../ledger/cursor.ts";
import { follow, followAll } from "../ledger/following.ts";
import { rebuildAll, rebuildOrganization } from "../ledger/rebuild.ts";
import { digest } from "../log/digest.ts";
import type { Meter } from "./progress.ts";

/** Where a command writes its lines. */
export type Print = (line: string) => void;

/** Prints every organization's head, to be kept elsewhere: `<organization> <position> <hash>`. */
export const printHeads = async (log: EventLog, print: Print): Promise<void> => {
  for await (const page of headsOf(log)) {
    for (const { organization, head } of page) {
      print(`${organization} ${head.position} ${head.hash}`);
    }
  }
};

const unknown = (organization: string): Error =>
  new Error(`there is no organization ${organization} in the log`);

/** Prints an organization's events, one JSON object a line, in order; rejects when it has none. */
export const exportLog = async (
  log: EventLog,
  organization: string,
  print: Print,
): Promise<void> => {
  let printed = 0;
  for await (const page of eventsOf(log, organization)) {
    for (const event of page) print(JSON.stringify(event));
    printed += page.length;
  }
  if (printed === 0) throw unknown(organization);
};

/**
 * Prints events as they come, one JSON object a line, until the signal is aborted: an organization's
 * after a position, or all organizations' from the beginning.
 */
export const followLog = async (
  log: EventLog,
  organization: string | undefined,
  after: Mark,
  signal: AbortSignal,
  print: (line: string) => Promise<void>,
): Promise<void> => {
  if (organization !== undefined) {
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
 * Computes the state rows of one organization, or of all at once, from their logs; rejects when the
 * one has no log.
 */
export const rebuild = async (
  log: EventLog,
  organization: string | undefined,
  print: Print,
  meter: Meter,
): Promise<void> => {
  if (organization !== undefined) {
    const { events } = await rebuildOrganization(log, organization);
    if (events === 0) throw unknown(organization);
    return print(`${organization}: ${events} events`);
  }
  const { events, organizations } = await rebuildAll(log, meter.show).finally(meter.end);
  print(`${events} events of ${organizations} organizations`);
};

/** An exported line; its data is whatever the event's type has. */
const EventSchema = v.object({
  organization: v.string(),
  position: v.number(),
  type: v.string(),
  version: v.number(),
  at: v.number(),
  actor: ActorSchema,
  command: v.nullable(v.string()),
  data: v.unknown(),
  hash: v.string(),
});

const parse = (line: string, number: number): Result<RecordedEvent, string> => {
  try {
    const event: unknown = JSON.parse(line);
    // As it stands, and not as the schema would write it: the hash is over the order of its keys.
    return v.is(EventSchema, event) ? ok(event) : failed(`line ${number} is not an event`);
  } catch {
    return failed(`line ${number} is not JSON`);
  }
};

/**
 * Checks an exported log: no position is missing and every hash follows from the one before.
 * `kept` is a head that was written down earlier; the export must contain exactly it. Answers with
 * the head of the export, or with what is wrong.
 */
export const verifyExport = async (
  file: string,
  kept: Head | null,
): Promise<Result<Head, string>> => {
  let head = EMPTY_HEAD;
  let met = kept === null || kept.position === 0;
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    number++;
    const event = parse(line, number);
    if (!event.ok) return event;
    const next = verifyChain([event.value], head, digest);
    if (!next.ok) return failed(next.error.why);
    head = next.value;
    if (kept !== null && head.position === kept.position) {
      if (head.hash !== kept.hash) return failed(`position ${kept.position} is not what it was`);
      met = true;
    }
  }
  return met ? ok(head) : failed(`the export ends at ${head.position}, before the head kept`);
};
