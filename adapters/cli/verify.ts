/** Checks an exported log, and says how much that proves. */
import * as v from "valibot";
import { EMPTY_HEAD, verifyChain } from "../../core/log/chain.ts";
import type { Head, RecordedEvent } from "../../core/ports/mod.ts";
import { failed, ok, type Result } from "../../core/values/result.ts";
import { digest } from "../log/digest.ts";
import { type Line, linesOf } from "../runtimes/server/settings-files.ts";
import { ActorSchema } from "../validation/values.ts";

/** An exported line, to the last of its members; its data is whatever the event's type has. */
const EventSchema = v.strictObject({
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

/** No event is longer: callers' inputs are limited to far less. */
const MAX_LINE_BYTES = 64 * 1_048_576;

const parse = ({ text, hasEnd }: Line, number: number): Result<RecordedEvent, string> => {
  if (text === null) return failed(`line ${number} is not in UTF-8`);
  if (text.endsWith("\r")) {
    return failed(
      `line ${number} ends in CR LF, and export ends its lines in LF alone: the file was converted`,
    );
  }
  if (!hasEnd) return failed(`line ${number} has no LF at its end: the file was cut off or edited`);
  try {
    const event: unknown = JSON.parse(text);
    // As it is, and not as the schema would write it: the hash covers the order of its keys.
    if (!v.is(EventSchema, event)) return failed(`line ${number} is not an event`);
    // Readers of JSON differ on doubled members, and the hash is over what this one has read.
    if (JSON.stringify(event) !== text) return failed(`line ${number} is not as it was exported`);
    return ok(event);
  } catch {
    return failed(`line ${number} is not JSON`);
  }
};

/**
 * Checks an exported log: all events are of one organization, no position is missing and every hash
 * follows from the one before, and each line is to the byte what `export` writes. `kept` is a head
 * that was written down earlier; the export must contain exactly it. Returns the head of the
 * export, which is `EMPTY_HEAD` for an empty one, or what is wrong.
 */
export const verifyExport = async (
  file: string,
  kept: Head | null,
): Promise<Result<Head & { readonly organization: string }, string>> => {
  let head = EMPTY_HEAD;
  let organization = "";
  let isMet = kept === null;
  let number = 0;
  for await (const line of linesOf(file, MAX_LINE_BYTES)) {
    number++;
    const event = parse(line, number);
    if (!event.ok) return event;
    if (number === 1) ({ organization } = event.value);
    if (event.value.organization !== organization) {
      const [other, first] = [event.value.organization, organization].map((id) =>
        JSON.stringify(id)
      );
      return failed(`line ${number} is an event of ${other}, and line 1 one of ${first}`);
    }
    const next = verifyChain([event.value], head, digest);
    if (!next.ok) return failed(next.error.why);
    head = next.value;
    if (kept !== null && head.position === kept.position) {
      if (head.hash !== kept.hash) return failed(`position ${kept.position} is not what it was`);
      isMet = true;
    }
  }
  return isMet
    ? ok({ ...head, organization })
    : failed(`the export ends at ${head.position}, before the head kept`);
};

/** The result of a verification: what is printed, and with which status the program ends. */
export type Verdict = { readonly status: 0 | 1 | 3 | 4; readonly says: string };

/**
 * The verdict on an export: 0, it is what led to the head kept; 1, it is not; 3, it is consistent
 * in itself, which a rewritten or truncated log can be as well; 4, it has no events.
 */
export const verdictOn = async (file: string, kept: Head | null): Promise<Verdict> => {
  const verified = await verifyExport(file, kept);
  if (!verified.ok) return { status: 1, says: `not intact: ${verified.error}` };
  const { position, hash, organization } = verified.value;
  if (position === 0) {
    return { status: 4, says: "empty: the export has no events, which proves nothing" };
  }
  if (kept === null) {
    const whose = JSON.stringify(organization);
    return {
      status: 3,
      says: `consistent: ${position}:${hash} of ${whose}; that is all that is proved: a log that ` +
        "was written anew, or lost its end, is consistent too. Give --head with one kept elsewhere",
    };
  }
  const after = position - kept.position;
  const rest = after === 0 ? "" : `, of which the last ${after} came after the head kept`;
  return { status: 0, says: `intact: ${position}:${hash}${rest}` };
};
