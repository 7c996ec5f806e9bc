/** Reading files that settings and commands name: whatever is there, a start never hangs. */
import { Buffer } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";

/** The longest file of a setting. */
const MAX_BYTES = 1_048_576;

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** At most so many bytes of an open file, from its beginning. */
const readUpTo = (file: number, bytes: number): Uint8Array => {
  const buffer = Buffer.alloc(bytes);
  let length = 0;
  for (;;) {
    const read = readSync(file, buffer, length, bytes - length, null);
    length += read;
    if (read === 0 || length === bytes) return buffer.subarray(0, length);
  }
};

/**
 * The text of a file that a setting names. Throws an Error that says what is wrong where it is not
 * there, not a regular file (a pipe would be waited for, a device has no end), longer than 1 MiB or
 * not in UTF-8.
 */
export const readSettingsFile = (path: string): string => {
  // Without waiting for the other end of a pipe.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) throw new Error(`${path} is not a regular file`);
    const bytes = readUpTo(file, MAX_BYTES + 1);
    if (bytes.byteLength > MAX_BYTES) throw new Error(`${path} is longer than ${MAX_BYTES} bytes`);
    try {
      return strict.decode(bytes);
    } catch (error) {
      throw new Error(`${path} is not in UTF-8`, { cause: error });
    }
  } finally {
    closeSync(file);
  }
};

const LF = 0x0a;
const CHUNK = 65_536;

/** A line of a file: its text, without its LF, which is null where it is not in UTF-8. */
export type Line = { readonly text: string | null; readonly hasEnd: boolean };

const lineOf = (bytes: Uint8Array, hasEnd: boolean): Line => {
  try {
    return { text: strict.decode(bytes), hasEnd };
  } catch {
    return { text: null, hasEnd };
  }
};

/**
 * The lines of a file, split at LF and at nothing else, which JSON leaves within its texts; only
 * the last may have no LF (`hasEnd`). Throws an Error where one is longer than `maxBytes`.
 */
export async function* linesOf(path: string, maxBytes: number): AsyncGenerator<Line> {
  const file = await open(path, "r");
  try {
    let kept: Uint8Array[] = [];
    let [length, number] = [0, 1];
    const add = (bytes: Uint8Array): void => {
      kept.push(bytes);
      length += bytes.byteLength;
      if (length > maxBytes) {
        throw new Error(`line ${number} of ${path} is longer than ${maxBytes} bytes`);
      }
    };
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK);
      if (bytesRead === 0) break;
      let from = 0;
      for (;;) {
        const end = buffer.subarray(0, bytesRead).indexOf(LF, from);
        add(buffer.subarray(from, end === -1 ? bytesRead : end));
        if (end === -1) break;
        yield lineOf(Buffer.concat(kept), true);
        [kept, length, number] = [[], 0, number + 1];
        from = end + 1;
      }
    }
    if (length > 0) yield lineOf(Buffer.concat(kept), false);
  } finally {
    await file.close();
  }
}
