import type { EventLog, Needs, RowKey } from "../../core/ports/mod.ts";
import { openRecent } from "../../core/values/recent.ts";
import { approximateBytes } from "../validation/size.ts";
import { rowName } from "./append-checks.ts";

/** How much is kept at most, in total: callers choose how large rows are. */
const MAX_BYTES = 48 * 1_048_576;
/** The most that one organization may have of it, at the expense of the others. */
const MAX_SHARE = MAX_BYTES / 4;
/** Of rows that were found by their ids, which are small but for numbers. */
const MAX_FOUND_BYTES = 8 * 1_048_576;
const MAX_FOUND_SHARE = MAX_FOUND_BYTES / 16;
/** The overhead of keeping one entry. */
const KEEPING_BYTES = 128;
/** How many different reads of one organization are kept. */
const MAX_READS = 16;

type Found = NonNullable<Awaited<ReturnType<EventLog["find"]>>>;

// Cached values are handed out repeatedly, so they must not be changed.
const freeze = (value: unknown): void => {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
};

/** Rows that were found, by `rowName`; the oldest goes first. */
const openFound = () =>
  openRecent<Found>({
    limit: Number.MAX_SAFE_INTEGER,
    space: {
      most: MAX_FOUND_BYTES,
      each: MAX_FOUND_SHARE,
      of: (found) => KEEPING_BYTES + approximateBytes(found),
    },
  });

/** Any organization may take a claim, and a command is looked up once: neither is cached. */
const isKept = ({ claims = [], commands = [] }: Needs): boolean =>
  claims.length + commands.length === 0;

const nameOf = ({ rows = [], kinds = [], groups = [] }: Needs): string =>
  JSON.stringify([
    kinds,
    rows.map(({ kind, key }) => [kind, key]),
    groups.map(({ kind, group }) => [kind, group]),
  ]);

/** What was read of one organization, by what was asked for. */
type Reads = { readonly answers: Map<string, object>; bytes: number };

/**
 * Answers by organization and by what was asked for; the longest unused organization goes first.
 */
const openAnswers = () => {
  const kept = new Map<string, Reads>();
  let size = 0;

  const forget = (organization: string): void => {
    size -= kept.get(organization)?.bytes ?? 0;
    kept.delete(organization);
  };

  const get = (organization: string, name: string): object | undefined => {
    const reads = kept.get(organization);
    if (reads === undefined) return undefined;
    kept.delete(organization);
    kept.set(organization, reads);
    return reads.answers.get(name);
  };

  const keep = (organization: string, name: string, answer: object): void => {
    const reads = kept.get(organization) ?? { answers: new Map<string, object>(), bytes: 0 };
    const { answers } = reads;
    if (answers.size >= MAX_READS || answers.has(name)) return;
    // What was asked for may be much longer than what was there.
    const bytes = KEEPING_BYTES + name.length + approximateBytes(answer);
    if (reads.bytes + bytes > MAX_SHARE) return;
    freeze(answer);
    answers.set(name, answer);
    reads.bytes += bytes;
    kept.set(organization, reads);
    size += bytes;
    for (const oldest of kept.keys()) {
      if (size <= MAX_BYTES) break;
      forget(oldest);
    }
  };

  const clear = (): void => {
    kept.clear();
    size = 0;
  };

  return { forget, get, keep, clear };
};

/** Means all organizations, in place of an id. No organization can have it. */
const ALL = "";

/** Which organizations are being written. */
const openWrites = () => {
  const writing = new Map<string, number>();
  let begun = 0;
  return {
    isWriting: (organization: string): boolean => writing.has(organization) || writing.has(ALL),
    /** How many writes have begun. */
    begun: (): number => begun,
    /**
     * Runs `work`, which writes the organization; `forget` what was read of it, before and after.
     */
    during: async <Value>(
      organization: string,
      forget: () => void,
      work: () => Promise<Value>,
    ): Promise<Value> => {
      begun += 1;
      writing.set(organization, (writing.get(organization) ?? 0) + 1);
      forget();
      try {
        return await work();
      } finally {
        const others = (writing.get(organization) ?? 1) - 1;
        if (others === 0) writing.delete(organization);
        else writing.set(organization, others);
        forget();
      }
    },
  };
};

/** Gives what is kept of an organization by a name; else what is read, which is then kept. */
const answering = (
  answers: ReturnType<typeof openAnswers>,
  { isWriting, begun, isCurrent }: Pick<ReturnType<typeof openWrites>, "isWriting" | "begun"> & {
    readonly isCurrent: (organization: string, before: number) => boolean;
  },
) =>
async <Answer extends object>(
  organization: string,
  name: string,
  read: () => Promise<Answer>,
): Promise<Answer> => {
  if (isWriting(organization)) return await read();
  // An answer is kept under the name of what was asked for.
  const known = answers.get(organization, name) as Answer | undefined;
  if (known !== undefined) return known;
  const before = begun();
  const now = await read();
  if (isCurrent(organization, before)) answers.keep(organization, name, now);
  return now;
};

/**
 * The log with its rows cached from when they are read until they are written. Only for a log that
 * nothing else writes to: not for one on a PostgreSQL that several servers share. While an
 * organization is being written, its rows are read from the log itself, so that a caller that knows
 * of an append also sees it. What it hands out is frozen.
 */
export const cached = (log: EventLog): EventLog => {
  const answers = openAnswers();
  const found = openFound();
  const { isWriting, begun, during } = openWrites();
  let isClosed = false;

  const forget = (organization: string, rows: readonly RowKey[] | "all") => (): void => {
    answers.forget(organization);
    if (rows === "all") found.clear();
    else for (const row of rows) found.delete(rowName(row));
  };

  const forgetAll = (): void => {
    answers.clear();
    found.clear();
  };

  /** Whether what was read when `before` writes had begun can be cached: no write began since. */
  const isCurrent = (organization: string, before: number): boolean =>
    !isClosed && begun() === before && !isWriting(organization);

  const answer = answering(answers, { isWriting, begun, isCurrent });

  return {
    ...log,
    load: (organization, needs) => {
      const read = () => log.load(organization, needs);
      return isKept(needs) ? answer(organization, nameOf(needs), read) : read();
    },
    list: (organization, ...asked) =>
      answer(
        organization,
        JSON.stringify(["list", ...asked]),
        () => log.list(organization, ...asked),
      ),
    find: async (kind, key) => {
      const name = rowName({ kind, key });
      const known = found.get(name);
      if (known !== undefined && !isWriting(known.organization)) return known;
      const before = begun();
      const now = await log.find(kind, key);
      if (now !== null && isCurrent(now.organization, before)) {
        freeze(now);
        found.set(name, now);
      }
      return now;
    },
    append: (append) =>
      during(
        append.organization,
        forget(append.organization, append.rows),
        () => log.append(append),
      ),
    replaceRows: (organization, ...replacement) =>
      during(
        organization,
        forget(organization, "all"),
        () => log.replaceRows(organization, ...replacement),
      ),
    rebuild: (work) =>
      log.rebuild((next) =>
        work({ ...next, swap: (finish) => during(ALL, forgetAll, () => next.swap(finish)) })
      ),
    close: () => {
      isClosed = true;
      forgetAll();
      return log.close();
    },
  };
};
