/**
 * The file in which a server keeps the heads of its log, so that a start on a log that lost its end
 * is detected. Its first line says how many bytes follow and their SHA-256; then a line of JSON for
 * each head, of which the furthest counts for its organization. Heads are added behind those bytes,
 * and count once the first line, which always has the same length, is rewritten: so a file that is
 * shorter or different than its first line says was damaged; a crash may cut off what follows.
 */
import { Buffer } from "node:buffer";
import { createHash, type Hash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, lstat, open, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import * as v from "valibot";
import type { Head } from "../../../core/ports/mod.ts";
import { SettingUnfit } from "./setting-error.ts";

const LineSchema = v.object({
  organization: v.string(),
  position: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

const unfit = (why: string, cause?: unknown): SettingUnfit =>
  new SettingUnfit("HEADS_FILE", why, cause);

const REMEDY =
  'restore it, or have "ledgerline heads --accept" begin it anew; a start begins one ' +
  "only where there is no file";

const damaged = (path: string, why: string): SettingUnfit =>
  unfit(`${path} is not a whole file of heads (${why}): ${REMEDY}`);

const codeOf = (error: unknown): string | null =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;

/** Runs `work`; an error of the file system is reported as one of the setting. */
const namingSetting = async <Value>(work: () => Promise<Value>): Promise<Value> => {
  try {
    return await work();
  } catch (error) {
    const isOfFiles = error instanceof Error && codeOf(error) !== null;
    throw isOfFiles ? unfit(error.message, error) : error;
  }
};

/**
 * Runs `use` with the open file, which is regular: a pipe would be waited for, a device has no end,
 * and neither is to be replaced by a file.
 */
const withFile = async <Value>(
  path: string,
  flags: number,
  use: (file: FileHandle) => Promise<Value>,
): Promise<Value> => {
  // Without waiting for the other end of a pipe.
  const file = await open(path, flags | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) throw unfit(`${path} is not a regular file`);
    return await use(file);
  } finally {
    await file.close();
  }
};

/** The file that the path leads to, over links; it need not be there, the folder it is in must. */
const placeOf = async (path: string): Promise<string> => {
  if (path === "") throw unfit("must name a file");
  try {
    return await realpath(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
  if (await lstat(path).then((found) => found.isSymbolicLink(), () => false)) {
    throw unfit(`${path} is a link to a file that is not there`);
  }
  return join(await realpath(dirname(path)), basename(path));
};

// ── The first line ──────────────────────────────────────────────────────────────────────────────

const firstLine = (bytes: number, sha256: string): string =>
  `{"ledgerline":"heads","version":1,"bytes":"${
    String(bytes).padStart(15, "0")
  }","sha256":"${sha256}"}\n`;

const newHash = (): Hash => createHash("sha256");
const FIRST_BYTES = firstLine(0, newHash().digest("hex")).length;

/** How many bytes follow, and their hash; null for what is not a first line. */
const readFirst = async (
  file: FileHandle,
): Promise<{ readonly line: string; readonly bytes: number; readonly sha256: string } | null> => {
  const buffer = Buffer.alloc(FIRST_BYTES);
  const { bytesRead } = await file.read(buffer, 0, FIRST_BYTES, 0);
  const line = buffer.toString("latin1", 0, bytesRead);
  const [, bytes = "", sha256 = ""] = /"bytes":"(\d{15})","sha256":"([0-9a-f]{64})"/.exec(line) ??
    [];
  return line === firstLine(Number(bytes), sha256) ? { line, bytes: Number(bytes), sha256 } : null;
};

// ── Reading ─────────────────────────────────────────────────────────────────────────────────────

/** No valid line is longer: ids are bounded. */
const CHUNK_BYTES = 65_536;

const add = (heads: Map<string, Head>, line: string): boolean => {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return false;
  }
  const read = v.safeParse(LineSchema, json);
  if (!read.success) return false;
  const { organization, position, hash } = read.output;
  const before = heads.get(organization);
  if (before === undefined || position >= before.position) {
    heads.set(organization, { position, hash });
  }
  return true;
};

const readFrom = async (file: FileHandle, path: string): Promise<Map<string, Head>> => {
  const first = await readFirst(file);
  if (first === null) throw damaged(path, "it does not begin as one");
  const { size } = await file.stat();
  const end = FIRST_BYTES + first.bytes;
  if (size < end) throw damaged(path, `it has ${size} bytes of ${end}`);
  const heads = new Map<string, Head>();
  const hash = newHash();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let [rest, number] = ["", 1];
  for (let at = FIRST_BYTES; at < end;) {
    const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, end - at));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) throw damaged(path, `it ends after ${at} bytes`);
    at += bytesRead;
    const bytes = chunk.subarray(0, bytesRead);
    hash.update(bytes);
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      number += 1;
      if (!add(heads, line)) throw damaged(path, `line ${number} is not a head`);
    }
    if (rest.length > CHUNK_BYTES) throw damaged(path, `line ${number + 1} is too long`);
  }
  if (hash.digest("hex") !== first.sha256) throw damaged(path, "it is not as it was written");
  return heads;
};

const orNull = async <Value>(reading: Promise<Value>): Promise<Value | null> => {
  try {
    return await reading;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
};

/**
 * The heads in the file, by organization; null where there is no file. Rejects with a
 * `SettingUnfit` for what is not a regular file, not written by a server, or damaged.
 */
export const readHeads = (path: string): Promise<Map<string, Head> | null> =>
  namingSetting(() => orNull(withFile(path, constants.O_RDONLY, (file) => readFrom(file, path))));

/**
 * Rejects with a `SettingUnfit` where no file of heads can be: before a database is opened for it.
 */
export const assertPlace = (path: string): Promise<void> =>
  namingSetting(async () => {
    await placeOf(path);
    await orNull(withFile(path, constants.O_RDONLY, async (file) => {
      if (await readFirst(file) === null) throw damaged(path, "it does not begin as one");
    }));
  });

// ── Writing ─────────────────────────────────────────────────────────────────────────────────────

/** What was written last: how the file is recognized, and what is needed to add to it. */
export type Written = { readonly line: string; readonly bytes: number; readonly hash: Hash };

type Heads = ReadonlyMap<string, Head>;

/** How many lines are written together. */
const CHUNK_LINES = 5_000;

function* chunksOf(heads: Heads): Generator<Buffer> {
  let lines: string[] = [];
  for (const [organization, { position, hash }] of heads) {
    lines.push(`${JSON.stringify({ organization, position, hash })}\n`);
    if (lines.length < CHUNK_LINES) continue;
    yield Buffer.from(lines.join(""));
    lines = [];
  }
  yield Buffer.from(lines.join(""));
}

const writeAll = async (file: FileHandle, bytes: Buffer, at: number): Promise<void> => {
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
  }
};

/** Adds heads to a file that has so much, and then to its first line; both are on the disk then. */
const addTo = async (
  file: FileHandle,
  { bytes: before, hash: hashBefore }: Omit<Written, "line">,
  heads: Heads,
): Promise<Written> => {
  const hash = hashBefore.copy();
  let bytes = before;
  for (const chunk of chunksOf(heads)) {
    await writeAll(file, chunk, FIRST_BYTES + bytes);
    hash.update(chunk);
    bytes += chunk.length;
  }
  await file.sync();
  const line = firstLine(bytes, hash.copy().digest("hex"));
  await writeAll(file, Buffer.from(line), 0);
  await file.sync();
  return { line, bytes, hash };
};

/**
 * Adds heads to the file that was written; they are on the disk when it resolves. Null, and nothing
 * is added, where the file has been replaced or no longer exists.
 */
export const appendHeads = (
  path: string,
  heads: Heads,
  written: Written,
): Promise<Written | null> =>
  namingSetting(() =>
    orNull(withFile(path, constants.O_RDWR, async (file) => {
      const first = await readFirst(file);
      const { size } = await file.stat();
      const isOurs = first?.line === written.line && size >= FIRST_BYTES + written.bytes;
      return isOurs ? await addTo(file, written, heads) : null;
    }))
  );

const syncFolder = async (path: string): Promise<void> => {
  try {
    const folder = await open(dirname(path), "r");
    await folder.sync().finally(() => folder.close());
  } catch {
    // Not every system syncs folders.
  }
};

/** Atomically replaces the file, whatever it holds, by one with these heads. */
export const replaceHeads = (path: string, heads: Heads): Promise<Written> =>
  namingSetting(async () => {
    const place = await placeOf(path);
    const unfinished = `${place}.${process.pid}.unfinished`;
    try {
      // A leftover of a killed process with the same id.
      await rm(unfinished, { force: true });
      const file = await open(unfinished, "wx+", 0o600);
      const written = await addTo(file, { bytes: 0, hash: newHash() }, heads)
        .finally(() => file.close());
      await rename(unfinished, place);
      await syncFolder(place);
      return written;
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => {});
      throw error;
    }
  });

/** Copies the file that is there, whatever it holds, to another name; false where there is none. */
export const keepAside = (path: string, aside: string): Promise<boolean> =>
  namingSetting(async () => {
    const copied = await orNull(withFile(path, constants.O_RDONLY, async (file) => {
      const copy = await open(aside, "wx", 0o600);
      try {
        for (let at = 0;;) {
          const { bytesRead, buffer } = await file.read(
            Buffer.alloc(CHUNK_BYTES),
            0,
            CHUNK_BYTES,
            at,
          );
          if (bytesRead === 0) break;
          await writeAll(copy, buffer.subarray(0, bytesRead), at);
          at += bytesRead;
        }
        await copy.sync();
      } finally {
        await copy.close();
      }
      return true;
    }));
    return copied ?? false;
  });
