/**
 * The hash chain: every event of an organization carries the hash of the one before it, so that a
 * log that was altered, cut in the middle or put in another order is detected by anyone who kept a
 * head elsewhere.
 */
import type { EventDraft, Head, RecordedEvent } from "../ports/mod.ts";
import type { Instant } from "../values/calendar.ts";
import type { Actor } from "../values/identity.ts";
import { failed, ok, type Result } from "../values/result.ts";
import { jsonText } from "../values/text.ts";

/**
 * SHA-256 of a text's UTF-8 form, in lower-case hex. An adapter gives it, since core has no I/O.
 */
export type Digest = (text: string) => string;

/** The head of a log without events. */
export const EMPTY_HEAD: Head = { position: 0, hash: "" };

/** Events that are appended together, with what they have in common. */
export type Entry = {
  readonly organization: string;
  readonly at: Instant;
  readonly actor: Actor;
  /** The command's id, or null. */
  readonly command: string | null;
  readonly events: readonly EventDraft[];
};

/** Where a chain breaks: the first position that does not fit, and why, as a sentence. */
export type BrokenChain = { readonly position: number; readonly why: string };

/**
 * The hash of an event after one whose hash is `previous` ("" before the first). The text hashed is
 * the JSON of `[previous, organization, position, type, version, at, actor, command, data]`; JSON
 * escapes half surrogate pairs, so every value has one UTF-8 form.
 *
 * @example
 * ```ts
 * import { createHash } from "node:crypto";
 * import { EMPTY_HEAD, link, type RecordedEvent } from "ledgerline/core";
 *
 * const digest = (text: string) => createHash("sha256").update(text).digest("hex");
 * const isFirst = (event: RecordedEvent) => link(EMPTY_HEAD.hash, event, digest) === event.hash;
 * ```
 */
export const link = (
  previous: string,
  event: Omit<RecordedEvent, "hash">,
  digest: Digest,
): string => linkText(previous, event, jsonText(event.data), digest);

/** `link`, where the JSON of the event's data is at hand. */
const linkText = (
  previous: string,
  { organization, position, type, version, at, actor, command }: Omit<RecordedEvent, "hash">,
  text: string,
  digest: Digest,
): string => {
  const before = JSON.stringify([
    previous,
    organization,
    position,
    type,
    version,
    at,
    actor,
    command,
  ]);
  return digest(`${before.slice(0, -1)},${text}]`);
};

/** An event in its place in the chain, with the JSON of its data. */
export type Chained = { readonly event: RecordedEvent; readonly text: string };

/**
 * The entry's events as they follow `head`: with their positions and hashes, in order.
 *
 * @example
 * ```ts
 * import { createHash } from "node:crypto";
 * import { chain, EMPTY_HEAD, OPERATOR } from "ledgerline/core";
 *
 * const digest = (text: string) => createHash("sha256").update(text).digest("hex");
 * const events = [{ type: "PlanChanged", version: 1, data: { plan: "Scale" } }];
 * const entry = { organization: "acme", at: 0, actor: OPERATOR, command: null, events };
 * const [first] = chain(EMPTY_HEAD, entry, digest);
 * ```
 */
export const chain = (head: Head, entry: Entry, digest: Digest): readonly Chained[] => {
  let previous = head.hash;
  return entry.events.map((draft, index) => {
    const event = {
      organization: entry.organization,
      position: head.position + 1 + index,
      type: draft.type,
      version: draft.version,
      at: entry.at,
      actor: entry.actor,
      command: entry.command,
      data: draft.data,
      hash: "",
    };
    const text = jsonText(draft.data);
    event.hash = linkText(previous, event, text, digest);
    previous = event.hash;
    return { event, text };
  });
};

/**
 * Checks that `events` (of one organization, in order) follow `from` without a gap and that every
 * hash is right. Gives the head they end at, or the first event that does not fit.
 *
 * @example
 * ```ts
 * import { createHash } from "node:crypto";
 * import { EMPTY_HEAD, verifyChain } from "ledgerline/core";
 *
 * const digest = (text: string) => createHash("sha256").update(text).digest("hex");
 * const head = verifyChain([], EMPTY_HEAD, digest);
 * console.log(head.ok && head.value.position); // 0
 * ```
 */
export const verifyChain = (
  events: readonly RecordedEvent[],
  from: Head,
  digest: Digest,
): Result<Head, BrokenChain> => {
  let head = from;
  for (const event of events) {
    const position = head.position + 1;
    if (event.position !== position) {
      return failed({
        position,
        why: `position ${position} is missing: the next event is at ${event.position}`,
      });
    }
    if (event.hash !== link(head.hash, event, digest)) {
      return failed({
        position,
        why: `the event at position ${position} does not fit its hash and the event before it`,
      });
    }
    head = { position, hash: event.hash };
  }
  return ok(head);
};
