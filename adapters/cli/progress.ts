/** Shows the progress of a rebuild, at a terminal or in the output of a job. */
import type { RebuildProgress } from "../ledger/rebuild/mod.ts";

/** Where progress is written: `process.stderr`, for example. */
export type Output = {
  readonly isTTY?: boolean;
  write(text: string): unknown;
};

/** Shows the progress; may be called as often as you like. */
export type Meter = {
  show(progress: RebuildProgress): void;
  /** Leaves a clean line behind. */
  end(): void;
};

const BAR = 24;
const EVERY_MS = { terminal: 100, job: 5_000 };

const count = (value: number): string => Math.round(value).toLocaleString("en");

const time = (seconds: number): string => {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
};

/** One line: a bar, how many events of how many, how many a second, and the time left. */
export const lineOf = ({ events, of }: RebuildProgress, taken_ms: number): string => {
  const share = of === 0 ? 1 : Math.min(1, events / of);
  const bar = "█".repeat(Math.floor(share * BAR)).padEnd(BAR, "░");
  const percent = `${Math.floor(100 * share)} %`.padStart(5);
  const rate = taken_ms === 0 ? 0 : 1_000 * events / taken_ms;
  // Once everything that existed at first is read, what is left was appended meanwhile.
  const left = share === 1
    ? "catching up"
    : rate === 0
    ? "time left unknown"
    : `${time((of - events) / rate)} left`;
  return `${bar} ${percent}  ${count(events)} of ${count(of)} events  ${count(rate)}/s  ${left}`;
};

/**
 * A bar that is drawn again and again where `output` is a terminal, else a line every five seconds.
 * `now` gives milliseconds.
 */
export const openMeter = (
  output: Output,
  now: () => number = () => performance.now(),
): Meter => {
  const begun = now();
  const isTerminal = output.isTTY === true;
  let shown = begun;
  return {
    show: (progress) => {
      const at = now();
      if (at - shown < (isTerminal ? EVERY_MS.terminal : EVERY_MS.job)) return;
      shown = at;
      const line = lineOf(progress, at - begun);
      output.write(isTerminal ? `\r${line}\x1b[K` : `${line}\n`);
    },
    end: () => {
      if (isTerminal) output.write("\r\x1b[K");
    },
  };
};
