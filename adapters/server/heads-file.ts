/**
 * The file in which a server keeps the heads of its log, so that a start on a log that lost its end
 * is found out. A line for each head, as JSON; of several for one organization the furthest counts.
 */
import { open, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import process from "node:process";
import * as v from "valibot";
import type { Head } from "../../core/ports.ts";
import { linesOf } from "./files.ts";
import { SettingUnfit } from "./unfit.ts";

const POSITION = /^[1-9]\d{0,14}$/;
const HASH = /^[0-9a-f]{64}$/;

const LineSchema = v.object({
  organization: v.string(),
  position: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  hash: v.pipe(v.string(), v.regex(HASH)),
});

type KeptHead = v.InferOutput<typeof LineSchema>;

const parse = (line: string): KeptHead | null => {
  try {
    const read = v.safeParse(LineSchema, JSON.parse(line));
    if (read.success) return read.output;
  } catch {
    // Not JSON.
  }
  // A line as `ledgerline heads` prints it; the organization's id may have spaces.
  const parts = line.split(" ");
  const [position = "", hash = ""] = parts.splice(-2);
  if (parts.length === 0 || !POSITION.test(position) || !HASH.test(hash)) return null;
  return { organization: parts.join(" "), position: Number(position), hash };
};

/** A pipe would be waited for, a device has no end, and neither is to be replaced by a file. */
const assertRegular = async (path: string): Promise<void> => {
  if (!(await stat(path)).isFile()) {
    throw new SettingUnfit("HEADS_FILE", `${path} is not a regular file`);
  }
};

/** No line of ours is longer. */
const MAX_LINE_BYTES = 65_536;

/** Whether the file's last line was written to its end. */
const isWhole = async (path: string): Promise<boolean> => {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    if (size === 0) return true;
    const { buffer } = await file.read(new Uint8Array(1), 0, 1, size - 1);
    return buffer[0] === 0x0a;
  } finally {
    await file.close();
  }
};

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ENOENT";

/**
 * The heads in the file, by organization; null where there is no file. Its last line may be half
 * written, for the process may have been killed amid it. Rejects with a sentence for any other line
 * that is no head, and for what is not a regular file.
 */
export const readHeads = async (path: string): Promise<Map<string, Head> | null> => {
  const heads = new Map<string, Head>();
  try {
    await assertRegular(path);
    const whole = await isWhole(path);
    let number = 0;
    let bad: number | null = null;
    for await (const line of linesOf(path, MAX_LINE_BYTES)) {
      number += 1;
      if (bad !== null) break;
      const head = line === null ? null : parse(line);
      if (head === null) {
        bad = number;
        continue;
      }
      const { organization, position, hash } = head;
      const before = heads.get(organization);
      if (before === undefined || position >= before.position) {
        heads.set(organization, { position, hash });
      }
    }
    if (bad !== null && (whole || bad < number)) {
      throw new Error(`HEADS_FILE: line ${bad} of ${path} is not a head`);
    }
    return heads;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
};

/** What JSON leaves as it is and some readers of lines take for an end of one. */
const escapeBreaks = (json: string): string =>
  json.replaceAll("\u0085", "\\u0085").replaceAll("\u2028", "\\u2028").replaceAll(
    "\u2029",
    "\\u2029",
  );

const lineOf = (organization: string, { position, hash }: Head): string =>
  `${escapeBreaks(JSON.stringify({ organization, position, hash }))}\n`;

const CHUNK = 5_000;

const write = async (
  path: string,
  flags: "a" | "w",
  heads: Iterable<readonly [string, Head]>,
): Promise<void> => {
  const file = await open(path, flags, 0o600);
  try {
    let lines: string[] = [];
    const flush = async (): Promise<void> => {
      if (lines.length > 0) await file.write(lines.join(""));
      lines = [];
    };
    for (const [organization, head] of heads) {
      lines.push(lineOf(organization, head));
      if (lines.length === CHUNK) await flush();
    }
    await flush();
    await file.sync();
  } finally {
    await file.close();
  }
};

const syncFolder = async (path: string): Promise<void> => {
  try {
    const folder = await open(dirname(path), "r");
    await folder.sync().finally(() => folder.close());
  } catch {
    // Not every system syncs folders.
  }
};

/** Adds heads to the file; they are on the disk when it resolves. */
export const appendHeads = (path: string, heads: ReadonlyMap<string, Head>): Promise<void> =>
  write(path, "a", heads);

/** Puts a file with these heads in the place of the one that is there, at once. */
export const replaceHeads = async (
  path: string,
  heads: ReadonlyMap<string, Head>,
): Promise<void> => {
  const unfinished = `${path}.${process.pid}.unfinished`;
  await write(unfinished, "w", heads);
  await rename(unfinished, path);
  await syncFolder(path);
};
