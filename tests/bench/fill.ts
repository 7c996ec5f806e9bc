/** Logs of many organizations, copied into PostgreSQL with all that appends would have written. */
import { once } from "node:events";
import type { Writable } from "node:stream";
import postgres from "postgres";
import { digest } from "../../adapters/log/digest.ts";
import { chain, EMPTY_HEAD } from "../../core/log/chain.ts";
import type { Head } from "../../core/ports/mod.ts";
import { appendOn, ROWS } from "./appending.ts";

/** How many events are chained and written in one batch. */
const CHUNK = 1_000;

/** A line of COPY's text format; texts here are JSON or plain, without tabs and line breaks. */
const lineOf = (values: readonly (string | number | null)[]): string =>
  `${
    values.map((value) => value === null ? "\\N" : String(value).replaceAll("\\", "\\\\"))
      .join("\t")
  }\n`;

const eventLines = (organization: string, head: Head, count: number) => {
  const { at, actor, events } = appendOn(organization, head, count);
  const chained = chain(head, { organization, at, actor, command: null, events }, digest);
  const last = chained.at(-1)?.event ?? head;
  const written = chained.map(({ event: { position, type, version, hash }, text }) =>
    lineOf([organization, position, type, version, text, at, JSON.stringify(actor), hash])
  );
  return { text: written.join(""), head: { position: last.position, hash: last.hash } };
};

const send = async (to: Writable, text: string): Promise<void> => {
  if (!to.write(text)) await once(to, "drain");
};

const end = async (to: Writable): Promise<void> => {
  to.end();
  await once(to, "finish");
};

const copyEvents = async (
  to: Writable,
  organizations: readonly string[],
  events: number,
): Promise<readonly Head[]> => {
  const heads: Head[] = [];
  for (const organization of organizations) {
    let head = EMPTY_HEAD;
    while (head.position < events) {
      const next = eventLines(organization, head, Math.min(CHUNK, events - head.position));
      await send(to, next.text);
      head = next.head;
    }
    heads.push(head);
  }
  await end(to);
  return heads;
};

const rowLines = (organization: string, position: number): string =>
  appendOn(organization, { position, hash: "" }, 1).rows.map((row) => {
    if (row.change !== "put") return "";
    const { kind, key, data, work } = row;
    const [automation, due] = [work?.automation ?? null, work?.due ?? null];
    return lineOf([organization, kind, key, JSON.stringify(data), automation, due]);
  }).join("");

const copyRows = async (
  to: Writable,
  organizations: readonly string[],
  events: number,
): Promise<void> => {
  const positions = Array.from({ length: Math.min(ROWS, events) }, (_, position) => position);
  for (const organization of organizations) {
    await send(to, positions.map((position) => rowLines(organization, position)).join(""));
  }
  await end(to);
};

/**
 * Fills an empty log with this many organizations, each with this many events and the rows that
 * these change, and returns the head of each. New tables are vacuumed and analyzed, as PostgreSQL
 * would do later.
 */
export const fill = async (
  url: string,
  organizations: readonly string[],
  events: number,
): Promise<readonly Head[]> => {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const toEvents = sql`copy ledgerline.event
      (organization, position, type, version, data, at, actor, hash) from stdin`;
    const heads = await copyEvents(await toEvents.writable(), organizations, events);
    const toRows = sql`copy ledgerline.state
      (organization, kind, key, data, automation, due) from stdin`;
    await copyRows(await toRows.writable(), organizations, events);
    await sql`vacuum (analyze) ledgerline.event, ledgerline.state`;
    return heads;
  } finally {
    await sql.end();
  }
};
