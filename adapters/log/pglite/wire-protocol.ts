/**
 * As much of PostgreSQL's frontend/backend protocol (version 3.0, its documentation's chapter 54)
 * as running prepared statements takes: Bind, Execute and Sync in one message are one transaction
 * and one call into PGlite, where `query()` makes six.
 */
import type { Parameter, ResultRow } from "../sql/database.ts";

const TEXT_OID = 25;
const encoder = new TextEncoder();
// Else a text that begins with U+FEFF would lose it.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes that grow as messages are written to them. */
export class Message {
  #bytes = new Uint8Array(16_384);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** Starts again; what an earlier write left, complete or not, is discarded. */
  begin(): void {
    this.#length = 0;
  }

  /** What was written so far, as a view that the next write invalidates. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Has the server parse `sql` as the statement `name` and describe its columns. */
  parse(name: string, sql: string): void {
    this.#message("P", () => {
      this.#cstring(name);
      this.#cstring(sql);
      this.#int16(0);
    });
    this.#message("D", () => {
      this.#byte("S");
      this.#cstring(name);
    });
  }

  /** Runs the statement `name` with these parameters; all its rows come back as text. */
  run(name: string, parameters: readonly Parameter[]): void {
    this.#message("B", () => {
      this.#cstring("");
      this.#cstring(name);
      this.#int16(parameters.length);
      // Arrays go in binary form, which needs no escaping of the JSON inside.
      for (const parameter of parameters) this.#int16(Array.isArray(parameter) ? 1 : 0);
      this.#int16(parameters.length);
      for (const parameter of parameters) this.#parameter(parameter);
      this.#int16(0);
    });
    this.#message("E", () => {
      this.#cstring("");
      this.#int32(0);
    });
  }

  /** Forgets the statement `name`. */
  forget(name: string): void {
    this.#message("C", () => {
      this.#byte("S");
      this.#cstring(name);
    });
  }

  /** Ends the transaction: commits it if nothing failed. */
  sync(): void {
    this.#message("S", () => {});
  }

  #message(type: string, body: () => void): void {
    this.#byte(type);
    this.#sized(4, body);
  }

  /** Writes a length and the body; the length counts `counted` bytes of itself. */
  #sized(counted: number, body: () => void): void {
    this.#reserve(4);
    const start = this.#length;
    this.#length += 4;
    body();
    this.#view.setInt32(start, this.#length - start - 4 + counted);
  }

  #parameter(parameter: Parameter): void {
    if (parameter === null) this.#int32(-1);
    else if (typeof parameter === "string") this.#sized(0, () => this.#text(parameter));
    else if (typeof parameter === "number") this.#sized(0, () => this.#text(String(parameter)));
    else this.#sized(0, () => this.#array(parameter));
  }

  #array(values: readonly (string | null)[]): void {
    this.#int32(values.length === 0 ? 0 : 1);
    this.#int32(values.includes(null) ? 1 : 0);
    this.#int32(TEXT_OID);
    if (values.length === 0) return;
    this.#int32(values.length);
    this.#int32(1);
    for (const value of values) this.#parameter(value);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + count));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }

  #byte(character: string): void {
    this.#reserve(1);
    this.#view.setUint8(this.#length, character.charCodeAt(0));
    this.#length += 1;
  }

  #int16(value: number): void {
    this.#reserve(2);
    this.#view.setUint16(this.#length, value);
    this.#length += 2;
  }

  #int32(value: number): void {
    this.#reserve(4);
    this.#view.setInt32(this.#length, value);
    this.#length += 4;
  }

  #text(text: string): void {
    // A UTF-16 unit takes at most three bytes of UTF-8.
    this.#reserve(3 * text.length);
    const { written } = encoder.encodeInto(text, this.#bytes.subarray(this.#length));
    this.#length += written;
  }

  #cstring(text: string): void {
    this.#text(text);
    this.#reserve(1);
    this.#bytes[this.#length] = 0;
    this.#length += 1;
  }
}

/** A statement that PostgreSQL refused, with its five-character code. */
class SqlError extends Error {
  override readonly name = "SqlError";
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What the server answered to one message. */
export type Answer = {
  readonly rows: readonly ResultRow[];
  /** The columns that a Parse described; null if there was none. */
  readonly columns: readonly string[] | null;
  /** Whether a Parse succeeded, even if what followed did not. */
  readonly parsed: boolean;
  readonly error: SqlError | null;
  /** Whether the server finished the message. */
  readonly finished: boolean;
  /** Whether it is within a transaction afterwards. */
  readonly isOpen: boolean;
};

const code = (character: string): number => character.charCodeAt(0);
const PARSE_COMPLETE = code("1");
const ROW_DESCRIPTION = code("T");
const DATA_ROW = code("D");
const ERROR = code("E");
const READY = code("Z");
const IDLE = code("I");
const FIELD_CODE = code("C");
const FIELD_MESSAGE = code("M");

const cstringEnd = (bytes: Uint8Array, start: number): number => bytes.indexOf(0, start);

const readColumns = (bytes: Uint8Array, view: DataView, start: number): readonly string[] => {
  const names: string[] = [];
  let at = start + 2;
  for (let left = view.getUint16(start); left > 0; left -= 1) {
    const end = cstringEnd(bytes, at);
    names.push(decoder.decode(bytes.subarray(at, end)));
    at = end + 19;
  }
  return names;
};

const readError = (bytes: Uint8Array, start: number): SqlError => {
  const fields = new Map<number, string>();
  for (let at = start; bytes[at] !== 0 && at < bytes.length;) {
    const end = cstringEnd(bytes, at + 1);
    fields.set(bytes[at] ?? 0, decoder.decode(bytes.subarray(at + 1, end)));
    at = end + 1;
  }
  const message = fields.get(FIELD_MESSAGE) ?? "the database refused the statement";
  return new SqlError(fields.get(FIELD_CODE) ?? "XX000", message);
};

/** From this many bytes on, a row takes longer to decode as one text than its columns do. */
const LONG_ROW = 32_768;

const readRow = (
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  columns: readonly string[],
): ResultRow => {
  // One call of the decoder costs more than a short text. When the row decodes to as many units as
  // it has bytes, each byte is one unit, lengths included, and the columns are slices of it.
  const all = end - start > LONG_ROW ? "" : decoder.decode(bytes.subarray(start, end));
  const sliced = all.length === end - start;
  const row: Record<string, string | null> = {};
  let at = start + 2;
  for (const column of columns) {
    const length = view.getInt32(at);
    at += 4;
    if (length < 0) {
      row[column] = null;
      continue;
    }
    row[column] = sliced
      ? all.slice(at - start, at - start + length)
      : decoder.decode(bytes.subarray(at, at + length));
    at += length;
  }
  return row;
};

/** Reads an answer, with the columns known from an earlier Parse if it has no columns. */
export const readAnswer = (bytes: Uint8Array, known: readonly string[]): Answer => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows: ResultRow[] = [];
  let columns: readonly string[] | null = null;
  let parsed = false;
  let error: SqlError | null = null;
  let finished = false;
  let isOpen = false;
  for (let at = 0; at < bytes.length;) {
    const type = view.getUint8(at);
    const body = at + 5;
    const end = at + 1 + view.getInt32(at + 1);
    if (type === DATA_ROW) rows.push(readRow(bytes, view, body, end, columns ?? known));
    else if (type === ROW_DESCRIPTION) columns = readColumns(bytes, view, body);
    else if (type === PARSE_COMPLETE) parsed = true;
    else if (type === ERROR) error ??= readError(bytes, body);
    else if (type === READY) {
      finished = true;
      isOpen = view.getUint8(body) !== IDLE;
    }
    at = end;
  }
  return { rows, columns, parsed, error, finished, isOpen };
};
