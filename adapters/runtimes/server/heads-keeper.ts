/**
 * Keeps the heads of a log in a file while a server runs, and refuses to start on one that lost
 * any.
 */
import { headsOf } from "../../../core/log/pages.ts";
import type { EventLog, Head } from "../../../core/ports/mod.ts";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import { findLost, sentenceOf } from "../../ledger/rebuild/lost-tail.ts";
import { appendHeads, keepAside, readHeads, replaceHeads, type Written } from "./heads-file.ts";
import { type Lines, linesOf } from "./report.ts";
import { SettingUnfit } from "./setting-error.ts";
import { tag } from "../../../core/values/tag.ts";

/** How many organizations are named where many lost events. */
const MAX_NAMED = 5;

/** The log has lost events: nothing was started. */
export class LogBehind extends Error {
  static {
    tag(this, "LogBehind");
  }
  override readonly name = "LogBehind";
}

/**
 * The heads in the file, compared with the log; null where there is no file. Throws a `LogBehind`
 * that says what is missing and what to do.
 */
export const assertNotBehind = async (
  log: EventLog,
  path: string,
): Promise<Map<string, Head> | null> => {
  const kept = await readHeads(path);
  if (kept === null) return null;
  const named: string[] = [];
  let [organizations, events] = [0, 0];
  for await (const page of findLost(log, kept)) {
    for (const lost of page) {
      organizations += 1;
      events += Math.max(0, lost.kept.position - lost.found.position);
      if (named.length < MAX_NAMED) named.push(sentenceOf(lost));
    }
  }
  if (organizations === 0) return kept;
  const more = organizations > named.length ? `; and ${organizations - named.length} more` : "";
  throw new LogBehind(
    `the log is not the one whose heads are in HEADS_FILE (${path}): of ${kept.size} organizations ` +
      `${organizations} lost events, ${events} in all as far as can be counted: ` +
      `${
        named.join("; ")
      }${more}. Start on the database that has them, or on a later backup; to go ` +
      'on without them, run "ledgerline heads --accept" first',
  );
};

/** How often what was appended is written down, and how often all heads are looked at. */
const EVERY_MS: Milliseconds = SECOND_MS;
const LOOK_MS: Milliseconds = 60 * SECOND_MS;

/** With more changed heads than these, all are read page by page instead of one by one. */
const MANY = 500;

/** The file is rewritten when it has so many lines more than twice the heads. */
const SPARE_LINES = 10_000;

/** What was written, and what may have to be. */
type Course = {
  readonly path: string;
  readonly log: EventLog;
  readonly lines: Lines;
  readonly kept: Map<string, Head>;
  /** The file as it was written last; null where it has to be rewritten. */
  written: Written | null;
  count: number;
  /** Whether something kept the heads from being written last. */
  isInTrouble: boolean;
  /** The organizations whose heads have changed since; `many`: all may have. */
  changed: Set<string> | "many";
};

const noteChanged = (course: Course, organizations: Iterable<string> | "many"): void => {
  const { changed } = course;
  if (changed === "many") return;
  if (organizations !== "many") {
    for (const organization of organizations) changed.add(organization);
  }
  if (organizations === "many" || changed.size > MANY) course.changed = "many";
};

/** Notes a head that is further than the one written down; one that is less far is reported. */
const compare = (
  { kept, lines }: Course,
  fresh: Map<string, Head>,
  id: string,
  head: Head,
): void => {
  const before = kept.get(id);
  if (before !== undefined && before.position >= head.position) {
    const isOther = before.position > head.position || before.hash !== head.hash;
    if (isOther) {
      lines.warn(
        `HEADS_FILE: the log lost events: ${
          sentenceOf({ organization: id, kept: before, found: head })
        }`,
      );
    }
    return;
  }
  if (head.position > 0) fresh.set(id, head);
};

const freshOf = async (
  course: Course,
  changed: Course["changed"],
): Promise<Map<string, Head>> => {
  const { log } = course;
  const fresh = new Map<string, Head>();
  if (changed === "many") {
    for await (const page of headsOf(log)) {
      for (const { organization, head } of page) compare(course, fresh, organization, head);
    }
    return fresh;
  }
  for (const organization of changed) {
    compare(course, fresh, organization, (await log.load(organization, {})).head);
  }
  return fresh;
};

/**
 * Adds to the file; rewrites it where that would make it too long, or where it is not the one
 * written.
 */
const writeDown = async (course: Course, fresh: Map<string, Head>): Promise<void> => {
  const { path, kept } = course;
  if (fresh.size === 0 && course.written !== null) return;
  for (const [organization, head] of fresh) kept.set(organization, head);
  const count = course.count + fresh.size;
  const { written } = course;
  // After a failed write, whatever it left of the file, nothing is added to it.
  course.written = null;
  if (written !== null && count <= 2 * kept.size + SPARE_LINES) {
    course.written = await appendHeads(path, fresh, written);
    course.count = count;
  }
  if (course.written === null) {
    course.written = await replaceHeads(path, kept);
    course.count = kept.size;
  }
};

/**
 * Says in one line that heads are not kept, once until they are again, and then that; `null`: they
 * are.
 */
const reportTrouble = (course: Course, error: unknown): void => {
  if (course.isInTrouble === (error !== null)) return;
  course.isInTrouble = error !== null;
  const { note, warn, report } = course.lines;
  if (error === null) note("HEADS_FILE: heads are kept again");
  else if (error instanceof SettingUnfit) {
    warn(`${error.message}; no heads are kept until this is mended`);
  } else report("keeping heads in HEADS_FILE", error);
};

const flush = async (course: Course): Promise<void> => {
  const { changed } = course;
  if (changed !== "many" && changed.size === 0 && course.written !== null) return;
  // What is appended from now on is for the next time.
  course.changed = new Set();
  try {
    await writeDown(course, await freshOf(course, changed));
    reportTrouble(course, null);
  } catch (error) {
    noteChanged(course, changed);
    reportTrouble(course, error);
  }
};

const openCourse = async (log: EventLog, path: string, lines: Lines): Promise<Course> => {
  const kept = await assertNotBehind(log, path);
  const course: Course = {
    path,
    log,
    lines,
    kept: kept ?? new Map(),
    written: null,
    count: 0,
    isInTrouble: false,
    changed: new Set(),
  };
  const fresh = await freshOf(course, "many");
  await writeDown(course, fresh);
  if (kept === null) lines.note(`HEADS_FILE: there was no ${path}, it is begun`);
  return course;
};

/** How lines are printed, as text by default; the times are for tests. */
export type KeepOptions = {
  readonly lines?: Lines;
  readonly everyMs?: Milliseconds;
  readonly lookMs?: Milliseconds;
};

/**
 * Compares the log with the heads in the file, and from then on keeps them there: within a second
 * of an append, also by other servers, and once more when the log is closed. Returns the log to be
 * used. Rejects with a `LogBehind` where the log lost events, and leaves it open.
 */
export const keepHeads = async <Log extends EventLog>(
  log: Log,
  path: string,
  { lines = linesOf({ logFormat: "text" }), everyMs = EVERY_MS, lookMs = LOOK_MS }: KeepOptions =
    {},
): Promise<Log> => {
  const course = await openCourse(log, path, lines);
  const unwatch = log.watch(({ organizations }) => noteChanged(course, organizations));
  let writing = Promise.resolve();
  const tick = (): void => {
    writing = writing.then(() => flush(course));
  };
  const timer = setInterval(tick, everyMs);
  const looker = setInterval(() => noteChanged(course, "many"), lookMs);
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    clearInterval(timer);
    clearInterval(looker);
    unwatch();
    tick();
    await writing;
    await log.close();
  };
  return { ...log, close: () => closing ??= close() };
};

/**
 * Replaces the heads in the file, whatever they were, by those that the log has now; the earlier
 * file is kept beside it. Returns its name, null where there was none.
 */
export const acceptHeads = async (log: EventLog, path: string): Promise<string | null> => {
  const heads = new Map<string, Head>();
  for await (const page of headsOf(log)) {
    for (const { organization, head } of page) heads.set(organization, head);
  }
  const aside = `${path}.${new Date().toISOString().replaceAll(":", "-")}`;
  const isKept = await keepAside(path, aside);
  await replaceHeads(path, heads);
  return isKept ? aside : null;
};
