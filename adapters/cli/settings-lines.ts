/** What the lines of a settings file say. */
import { parseEnv } from "node:util";
import { failed, ok, type Result } from "../../core/values/result.ts";

/** What the lines set, by its name. */
type Settings = Readonly<Record<string, string | undefined>>;

const MARKS = ["'", '"', "`"];

const EXPORT = "export ";

/** The end of the line that a place is in. */
const endOfLine = (text: string, at: number): number => {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
};

/**
 * Where a value ends: with its line, or with the line where its quotes are closed; null where more
 * than a note is behind them, which would be left out.
 */
const endOfValue = (text: string, from: number): number | null => {
  const end = endOfLine(text, from);
  const value = text.slice(from, end).trimStart();
  const mark = value.charAt(0);
  const close = MARKS.includes(mark) ? text.indexOf(mark, end - value.length + 1) : -1;
  if (close === -1) return end;
  const closed = endOfLine(text, close);
  const behind = text.slice(close + 1, closed).trim();
  return behind === "" || behind.startsWith("#") ? closed : null;
};

/** The name that a line sets; null where it sets nothing. */
const nameIn = (line: string): string | null => {
  const equals = line.indexOf("=");
  const name = equals === -1 ? "" : line.slice(0, equals).trim();
  if (name === "") return null;
  return name.startsWith(EXPORT) ? name.slice(EXPORT.length).trim() : name;
};

/**
 * What the text of a settings file sets, as Node's parser reads it, which leaves out what it cannot
 * read: that is refused with the number of the line, and nothing of what is in it.
 */
export const parseSettings = (text: string): Result<Settings, string> => {
  const read: Settings = parseEnv(text);
  for (let [at, line] = [0, 1]; at < text.length;) {
    let end = endOfLine(text, at);
    const written = text.slice(at, end).trim();
    if (written !== "" && !written.startsWith("#")) {
      const name = nameIn(written);
      if (name === null) return failed(`line ${line} sets nothing, as NAME=value does`);
      const value = endOfValue(text, text.indexOf("=", at) + 1);
      if (value === null || !Object.hasOwn(read, name)) {
        return failed(`line ${line} cannot be read: see its quotes, and what is above it`);
      }
      end = value;
    }
    line += text.slice(at, end).split("\n").length;
    at = end + 1;
  }
  return ok(read);
};
