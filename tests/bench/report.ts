/** What the rows of the table say, and how the table is printed. */
import { cpus, loadavg, type } from "node:os";
import process from "node:process";

/**
 * What a ratio (or, without a baseline, a figure) was to reach; with `plus`, how much more than so
 * many times the baseline the figure may be, in its unit.
 */
export type Goal =
  | { readonly atLeast: number }
  | { readonly atMost: number; readonly plus?: number };

/** One line of the table. */
export type Line = {
  readonly what: string;
  readonly figure: number;
  readonly unit: string;
  /** What it is compared with, in the same unit. */
  readonly baseline: { readonly what: string; readonly figure: number } | null;
  readonly ratio: number | null;
  readonly goal: Goal | null;
  readonly note?: string;
};

/** How much is done. */
export type Scale = {
  readonly rounds: number;
  /** A count of operations; smaller when the benchmark itself is only tried out. */
  readonly count: (full: number) => number;
};

/** A row of the table: it measures, reports its progress, and returns its lines. */
export type Row = {
  readonly name: string;
  readonly run: (scale: Scale) => Promise<readonly Line[]>;
};

/** Whether the goal was reached; null without a goal. */
export const isReached = ({ goal, ratio, figure, baseline }: Line): boolean | null => {
  if (goal === null) return null;
  if ("plus" in goal && baseline !== null) {
    return figure <= goal.atMost * baseline.figure + goal.plus;
  }
  const value = ratio ?? figure;
  return "atLeast" in goal ? value >= goal.atLeast : value <= goal.atMost;
};

/** The machine of the measurement. */
export const machine = () => ({
  cpu: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  system: `${type()} ${process.arch}`,
  node: process.version,
  date: new Date().toISOString(),
  /**
   * How many processes wanted to run in the last minute: the row's own one or two mean a calm
   * machine.
   */
  load: loadavg()[0] ?? 0,
});

const number = (value: number): string => {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return value.toLocaleString("en", { maximumFractionDigits: digits });
};

const goalText = (goal: Goal | null): string => {
  if (goal === null) return "";
  if ("atLeast" in goal) return `≥ ${number(goal.atLeast)}`;
  const most = `≤ ${number(goal.atMost)}`;
  return goal.plus === undefined ? most : `${most} × + ${number(goal.plus)}`;
};

const REACHED = { true: "yes", false: "NO", null: "" };
const HEADINGS = ["what", "figure", "against", "ratio", "goal", "reached", "note"];

const cells = (line: Line): readonly string[] => [
  line.what,
  `${number(line.figure)} ${line.unit}`,
  line.baseline === null ? "" : `${number(line.baseline.figure)} ${line.baseline.what}`,
  line.ratio === null ? "" : line.ratio.toFixed(3),
  goalText(line.goal),
  REACHED[`${isReached(line)}`],
  line.note ?? "",
];

/** The lines as a Markdown table whose columns are lined up. */
export const tableOf = (lines: readonly Line[]): string => {
  const rows = [HEADINGS, ...lines.map(cells)];
  const widths = HEADINGS.map((_, column) =>
    Math.max(3, ...rows.map((row) => row[column]?.length ?? 0))
  );
  const written = rows.map((row) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`
  );
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [written[0], rule, ...written.slice(1)].join("\n");
};
