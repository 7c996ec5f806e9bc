/** A file or folder in an archive; a folder has no content. */
export type TarEntry = { readonly name: string; readonly content: Uint8Array | null };

const BLOCK = 512;
const encoder = new TextEncoder();
// Else a text that begins with U+FEFF would lose it.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

const field = (header: Uint8Array, start: number, length: number): string => {
  const bytes = header.subarray(start, start + length);
  const end = bytes.indexOf(0);
  return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end)).trim();
};

// What an archive records of time must not differ between two images of the same database.
const NO_TIME = "00000000000";

const header = ({ name, content }: TarEntry): Uint8Array => {
  const bytes = new Uint8Array(BLOCK);
  const put = (text: string, start: number, length: number): void => {
    const encoded = encoder.encode(text);
    if (encoded.length > length) throw new Error(`too long for an archive: ${text}`);
    bytes.set(encoded, start);
  };
  put(name, 0, 100);
  put(content === null ? "0000700" : "0000600", 100, 8);
  put("0000000", 108, 8);
  put("0000000", 116, 8);
  put((content?.length ?? 0).toString(8).padStart(11, "0"), 124, 12);
  put(NO_TIME, 136, 12);
  put(" ".repeat(8), 148, 8);
  put(content === null ? "5" : "0", 156, 1);
  put("ustar\x0000", 257, 8);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148, 8);
  return bytes;
};

/** A tar archive in the ustar format of the entries, whose names are at most 100 bytes long. */
export const writeTar = (entries: readonly TarEntry[]): Uint8Array => {
  const blocks = entries.map(({ content }) => 1 + Math.ceil((content?.length ?? 0) / BLOCK));
  const archive = new Uint8Array((blocks.reduce((sum, count) => sum + count, 0) + 2) * BLOCK);
  let at = 0;
  for (const [index, entry] of entries.entries()) {
    archive.set(header(entry), at);
    if (entry.content !== null) archive.set(entry.content, at + BLOCK);
    at += (blocks[index] ?? 0) * BLOCK;
  }
  return archive;
};

/**
 * The entries of a tar archive in the ustar format (POSIX.1-1988), as PGlite writes it. Throws when
 * an entry is cut off or of a type that a database folder does not have.
 */
export const readTar = (archive: Uint8Array): readonly TarEntry[] => {
  const entries: TarEntry[] = [];
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0;) {
    const header = archive.subarray(at, at + BLOCK);
    const prefix = field(header, 345, 155);
    const path = `${prefix}${prefix === "" ? "" : "/"}${field(header, 0, 100)}`;
    const name = path.split("/").filter((part) => part !== "").join("/");
    const size = Number.parseInt(field(header, 124, 12) || "0", 8);
    const type = field(header, 156, 1);
    const start = at + BLOCK;
    if (start + size > archive.length) throw new Error(`the archive is cut off in ${name}`);
    if (name.split("/").includes("..")) throw new Error(`the archive leaves its folder: ${name}`);
    if (type === "5") entries.push({ name, content: null });
    else if (type === "0" || type === "") {
      entries.push({ name, content: archive.subarray(start, start + size) });
    } else throw new Error(`the archive has an entry of type ${type}: ${name}`);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return entries;
};
