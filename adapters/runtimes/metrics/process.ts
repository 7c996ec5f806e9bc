/** What a process takes of its machine, under the names that are usual for Prometheus. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import process from "node:process";
import { SECOND_MS } from "../../../core/values/calendar.ts";
import type { Registry } from "./registry.ts";

const MICROS_PER_SECOND = 1e6;
const NANOS_PER_SECOND = 1e9;

/** How often the event loop is looked at: its delay is known as exactly. */
const RESOLUTION_MS = 20;

/** The longest delay of the event loop since it was asked for last, in seconds; until it ends. */
const openDelay = () => {
  try {
    const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    histogram.enable();
    const delay = (): number => {
      const { max } = histogram;
      histogram.reset();
      return max / NANOS_PER_SECOND;
    };
    return { delay, end: () => void histogram.disable() };
  } catch {
    // Not every runtime measures it.
    return { delay: () => 0, end: () => {} };
  }
};

/** Measures the process. Returns what ends that, as far as it costs anything. */
export const measureProcess = ({ read }: Registry): () => void => {
  const { delay, end } = openDelay();
  const began = (Date.now() - process.uptime() * SECOND_MS) / SECOND_MS;
  read("counter", "process_cpu_seconds_total", "Processor time of the process.", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / MICROS_PER_SECOND;
  });
  read(
    "gauge",
    "process_resident_memory_bytes",
    "Memory of the process.",
    () => process.memoryUsage().rss,
  );
  read(
    "gauge",
    "process_heap_bytes",
    "Memory of the process for JavaScript.",
    () => process.memoryUsage().heapUsed,
  );
  read("gauge", "process_start_time_seconds", "When it began, since 1970.", () => began);
  read(
    "gauge",
    "ledgerline_event_loop_delay_seconds",
    "The longest delay of the event loop since this was read last.",
    delay,
  );
  return end;
};
