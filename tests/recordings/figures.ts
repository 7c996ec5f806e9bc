/** What happened in a recorded run, counted. */
import { type Call, fateOf, groupBy, type Recording } from "./recording.ts";
import type { Progress } from "./record.ts";

const counted = <Value>(
  values: readonly Value[],
  nameOf: (value: Value) => string,
): readonly string[] =>
  [...groupBy(values, nameOf)].toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { length }]) => `${String(length).padStart(8)}  ${name}`);

const nameOf = ({ effect, answer }: Call): string =>
  `${effect?.type ?? "list"}: ${answer === "unknown" ? "no answer" : answer.status}`;

/** How long calls took that were answered, in milliseconds, at some ranks. */
const timesOf = (calls: readonly Call[]): string => {
  const times = calls.filter((call) => fateOf(call) === "done")
    .map(({ begun_ms, ended_ms }) => ended_ms - begun_ms).toSorted((a, b) => a - b);
  const at = (rank: number): string => (times[Math.floor(rank * times.length)] ?? 0).toFixed(0);
  return `half of the calls that were done took ${at(0.5)} ms at most, 99 % ${at(0.99)} ms`;
};

/** The figures of a run as lines of text. */
export const figuresOf = (recording: Recording, progress: Progress | null): readonly string[] => {
  const { calls, readings, books } = recording;
  const events = books.flatMap((book) => book.events);
  const seen = readings.reduce((sum, reading) => sum + reading.seen.length, 0);
  const readers = new Set(readings.map(({ reader }) => reader)).size;
  return [
    `${calls.length} calls; ${progress?.kills ?? 0} times a server was killed, ` +
    `${progress?.cut ?? 0} connections were cut`,
    `${events.length} events in ${books.length} logs; ${readers} readers read ${seen} events ` +
    `and began ${readings.length} times`,
    timesOf(calls),
    "what calls were told:",
    ...counted(calls, nameOf),
    "what happened:",
    ...counted(events, ({ type }) => type),
  ];
};
