/** Bounds and conversions of what is kept of deliveries, which all adapters share. */
import type {
  DeliveryAttempt,
  DeliveryChange,
  DeliveryKey,
  DeliveryProgress,
} from "../../core/ports/mod.ts";
import type { Instant } from "../../core/values/calendar.ts";
import { isFit } from "../../core/values/text.ts";

/** How many deliveries of one organization an endpoint may leave pending. */
const MAX_PENDING = 1_000;

/** How many characters (UTF-16 code units) of an answer are kept. */
const MAX_ANSWER = 500;

/** How long ids, hashes and codes may be: in characters, more than any that we make. */
const MAX_TEXT = 400;

/** 32 random bytes in base64. */
export const newKey = (): string =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));

/** One text for the key, for use in a Map. */
export const progressName = ({ endpoint, organization }: DeliveryKey): string =>
  JSON.stringify([endpoint, organization]);

/** The time that progress waits for (`Deliveries`); null where it waits for none. */
export const dueOf = (
  { pending, blockedUntil }: Pick<DeliveryProgress, "pending" | "blockedUntil">,
): Instant | null => {
  const [first, ...rest] = pending.map(({ dueAt }) => dueAt);
  if (first === undefined) return blockedUntil;
  const earliest = rest.reduce((a, b) => Math.min(a, b), first);
  return Math.max(earliest, blockedUntil ?? earliest);
};

/** The beginning of an answer as it is kept: in any database, and without half a pair. */
export const keptAnswer = (answer: string): string => {
  const last = answer.charCodeAt(MAX_ANSWER - 1);
  const isCutApart = answer.length > MAX_ANSWER && last >= 0xd800 && last <= 0xdbff;
  return answer.slice(0, isCutApart ? MAX_ANSWER - 1 : MAX_ANSWER)
    .replaceAll("\0", "\ufffd").toWellFormed();
};

const refuse = (what: string, value: unknown): never => {
  throw new RangeError(`${what} of a delivery cannot be ${JSON.stringify(value)}`);
};

const assertTexts = (texts: Readonly<Record<string, string>>): void => {
  for (const [what, text] of Object.entries(texts)) {
    if (text.length > MAX_TEXT || !isFit(text)) refuse(what, text);
  }
};

const assertCounts = (counts: Readonly<Record<string, number>>): void => {
  for (const [what, count] of Object.entries(counts)) {
    if (!Number.isSafeInteger(count) || count < 0) refuse(what, count);
  }
};

/** Counts that a column has four bytes for. */
const MAX_COUNT = 2 ** 31 - 1;

const assertProgress = (progress: DeliveryProgress): void => {
  const { endpoint, organization, position, hash, pending, failures, version } = progress;
  assertTexts({ endpoint, organization, hash });
  assertCounts({ position, failures, version, blockedUntil: progress.blockedUntil ?? 0 });
  if (failures > MAX_COUNT) refuse("failures", failures);
  if (pending.length > MAX_PENDING) refuse("pending", `${pending.length} events`);
  for (const { subject, ...counts } of pending) {
    assertTexts({ subject });
    assertCounts(counts);
  }
};

const assertAttempt = (attempt: DeliveryAttempt): void => {
  const { id, endpoint, organization, event, failure, status, answer: _, ...counts } = attempt;
  assertTexts({ id, endpoint, organization, event, failure: failure ?? "" });
  assertCounts({ ...counts, status: status ?? 0 });
  if (attempt.attempt > MAX_COUNT) refuse("attempt", attempt.attempt);
  if ((status ?? 0) > 999) refuse("status", status);
};

/** Refuses with a RangeError changes that no caller may make. */
export const checkChanges = (changes: readonly DeliveryChange[]): void => {
  const given = new Set<string>();
  for (const { progress, attempts } of changes) {
    for (const attempt of attempts) assertAttempt(attempt);
    if (progress === null) continue;
    assertProgress(progress);
    const name = progressName(progress);
    if (given.has(name)) refuse("progress", `given twice: ${name}`);
    given.add(name);
  }
};
