/** Tables for people: a column for each member that matters. */
import { displayWidth } from "effect/cli/CliOutput";
import { shown } from "./escape.ts";

/** A column: its title, and what it shows of a row. */
export type Column = {
  readonly title: string;
  readonly of: (row: Readonly<Record<string, unknown>>) => unknown;
};

/** The widest that a cell gets, in columns of a terminal, but for what is last in its row. */
const MOST_WIDE = 48;
const MOST_CHARACTERS = 200;

/** A value as a cell shows it; of an unknown kind, since servers may answer anything. */
export const cellOf = (value: unknown): string => {
  const text = value === null || value === undefined || value === ""
    ? "-"
    : typeof value === "string"
    ? value
    : JSON.stringify(value) ?? "-";
  const seen = shown(text.slice(0, MOST_CHARACTERS + 1));
  return seen.length > MOST_CHARACTERS ? `${seen.slice(0, MOST_CHARACTERS)}…` : seen;
};

const padded = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - displayWidth(text)));

const rowOf = (cells: readonly string[], widths: readonly number[]): string =>
  cells.map((cell, index) => index === cells.length - 1 ? cell : padded(cell, widths[index] ?? 0))
    .join("  ").trimEnd();

/** A table whose rows come a page at a time: the first page says how wide its columns are. */
export type Table = { readonly lines: (rows: readonly unknown[]) => readonly string[] };

/** `bold` is given the line of titles. */
export const openTable = (
  columns: readonly Column[],
  bold: (text: string) => string = (text) => text,
): Table => {
  let widths: readonly number[] | null = null;
  return {
    lines: (rows) => {
      const cells = rows.map((row) =>
        columns.map(({ of }) =>
          cellOf(typeof row === "object" && row !== null ? of(row as Record<string, unknown>) : row)
        )
      );
      if (widths !== null) return cells.map((row) => rowOf(row, widths ?? []));
      const titles = columns.map(({ title }) => title);
      const found = widths = titles.map((title, index) =>
        Math.min(
          MOST_WIDE,
          Math.max(...[title, ...cells.map((row) => row[index] ?? "")].map(displayWidth)),
        )
      );
      return [bold(rowOf(titles, found)), ...cells.map((row) => rowOf(row, found))];
    },
  };
};

/** One record: a line for each of its members. */
export const recordLines = (
  members: readonly (readonly [title: string, value: unknown])[],
): readonly string[] => {
  const width = Math.max(...members.map(([title]) => displayWidth(title)));
  return members.map(([title, value]) => `${padded(title, width)}  ${cellOf(value)}`);
};
