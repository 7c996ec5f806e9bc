/** Converts the statements' rows to the port's values. */
import type {
  Claim,
  EarlierCommand,
  Head,
  Listing,
  RecordedEvent,
  Row,
  Work,
} from "../../../core/ports/mod.ts";
import type { Actor } from "../../../core/values/identity.ts";
import { type ClaimKey, isClaimKey } from "../../../core/values/claim-key.ts";
import type { ResultRow } from "./database.ts";

const missing = (column: string): never => {
  throw new Error(`the log's database gave no ${column}`);
};

/** The text of a column that is never NULL. */
export const text = (row: ResultRow, column: string): string => row[column] ?? missing(column);

/** The whole number in a column that is never NULL. */
export const whole = (row: ResultRow, column: string): number => Number(text(row, column));

/** An event that was written without the log and cannot be read as JSON; the message names it. */
class UnreadableEvent extends Error {
  override readonly name = "UnreadableEvent";
}

const jsonOf = (organization: string, row: ResultRow, part: "actor" | "data") => {
  try {
    return JSON.parse(text(row, part));
  } catch (error) {
    throw new UnreadableEvent(
      `the event of ${JSON.stringify(organization)} at position ${whole(row, "position")} ` +
        `cannot be read: its ${part} is not JSON`,
      { cause: error },
    );
  }
};

/** An event of the organization. */
export const toEvent = (organization: string, row: ResultRow): RecordedEvent => ({
  organization,
  position: whole(row, "position"),
  type: text(row, "type"),
  version: whole(row, "version"),
  at: whole(row, "at"),
  actor: jsonOf(organization, row, "actor"),
  command: row["command"] ?? null,
  data: jsonOf(organization, row, "data"),
  hash: text(row, "hash"),
});

type Lists = { readonly [Column in keyof RecordedEvent]: readonly RecordedEvent[Column][] };

/** Actors by lines of JSON. The same actor mostly acts again, and is then not parsed again. */
const toActors = (lines: string): readonly Actor[] => {
  let [last, actor] = ["null", null as Actor | null];
  return lines.split("\n").map((line) => {
    if (line !== last) [last, actor] = [line, JSON.parse(line)];
    return actor as Actor;
  });
};

/**
 * The events of a statement that gives a list of each of their columns; NULL for each of no events.
 */
export const toEvents = ([row]: readonly ResultRow[]): readonly RecordedEvent[] => {
  if (row === undefined || row["position"] === null) return [];
  const list = (column: string) => JSON.parse(text(row, column));
  const lists: Lists = {
    organization: list("organization"),
    position: list("position"),
    type: list("type"),
    version: list("version"),
    at: list("at"),
    actor: toActors(text(row, "actor")),
    command: list("command"),
    data: list("data"),
    hash: list("hash"),
  };
  const { length } = lists.position;
  if (Object.values(lists).some((values) => values.length !== length)) {
    throw new Error("the lists of events are not of one length");
  }
  return lists.position.map((position, place) => ({
    organization: lists.organization[place],
    position,
    type: lists.type[place],
    version: lists.version[place],
    at: lists.at[place],
    actor: lists.actor[place],
    command: lists.command[place],
    data: lists.data[place],
    hash: lists.hash[place],
  } as RecordedEvent));
};

/** The head in columns `position` and `hash`. */
export const toHead = (row: ResultRow): Head => ({
  position: whole(row, "position"),
  hash: text(row, "hash"),
});

const toWork = (row: ResultRow): Work | null =>
  row["automation"] === null
    ? null
    : { automation: text(row, "automation"), due: whole(row, "due") };

/** The columns `automation` and `due` of a row. */
export const workColumns = (work: Work | null): readonly (string | null)[] => [
  work?.automation ?? null,
  work === null ? null : String(work.due),
];

/** Texts as PostgreSQL writes a `text[]`. */
const arrayOf = (texts: readonly string[]): string =>
  `{${texts.map((text) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`).join(",")}}`;

/** Tags as they are kept: each is a line, between two line ends. */
export const linesOf = (tags: readonly string[]): string => `\n${tags.join("\n")}\n`;

/** The tags of such lines; null for any other text. */
export const tagsOf = (lines: string): readonly string[] | null => {
  const tags = lines.slice(1, -1).split("\n").filter((tag) => tag !== "");
  return linesOf(tags) === lines ? tags : null;
};

/** The columns `sort`, `grp`, `tags` and `texts` of a row. */
export const listingColumns = (listing: Listing | undefined): readonly (string | null)[] =>
  listing === undefined ? [null, null, null, null] : [
    String(listing.sort),
    listing.group,
    linesOf(listing.tags),
    arrayOf(listing.texts ?? []),
  ];

/** A state row. */
export const toRow = (row: ResultRow): Row => ({
  kind: text(row, "kind"),
  key: text(row, "key"),
  data: JSON.parse(text(row, "data")),
  work: toWork(row),
});

const toKey = (key: string): ClaimKey => isClaimKey(key) ? key : missing("key of a claim");

/** A claim. Its column is named as it was when only numbers were claimed. */
export const toClaim = (row: ResultRow): Claim => ({
  key: toKey(text(row, "e164")),
  organization: text(row, "organization"),
  holder: text(row, "holder"),
});

/** Commands by their events, which are in order; the first one's carries the fingerprint. */
export const toEarlier = (
  organization: string,
  rows: readonly ResultRow[],
): readonly EarlierCommand[] => {
  const commands: { fingerprint: string; events: RecordedEvent[] }[] = [];
  for (const row of rows) {
    const fingerprint = row["fingerprint"] ?? null;
    if (fingerprint !== null) commands.push({ fingerprint, events: [] });
    commands.at(-1)?.events.push(toEvent(organization, row));
  }
  return commands;
};
