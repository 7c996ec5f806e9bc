/** Counters, gauges and histograms of one server, and their text (Prometheus). */
import * as Context from "effect/Context";
import * as Metric from "effect/Metric";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { SECOND_MS } from "../../../core/values/calendar.ts";

/** Values of labels by their names. None may be what callers or tenants choose. */
export type Labels = Readonly<Record<string, string>>;

/** A kind of metric whose series have these labels; each is made once, and then kept. */
export type Family<Of extends Labels, Note> = (labels: Of) => Note;

type Described = readonly [name: string, description: string];

/** What a server measures. */
export type Registry = {
  /** Counts; a series is 0 once it is named. */
  readonly counter: <Of extends Labels>(...of: Described) => Family<Of, (by?: number) => void>;
  /** Measures how long something took, in seconds. */
  readonly timer: <Of extends Labels>(
    ...of: Described
  ) => Family<Of, (took_ms: Milliseconds) => void>;
  /** Measures sizes, by powers of two. */
  readonly sizes: <Of extends Labels>(...of: Described) => Family<Of, (size: number) => void>;
  /** A value that is set. */
  readonly gauge: <Of extends Labels>(...of: Described) => Family<Of, (value: number) => void>;
  /** A value that is asked for when all are read; `counter` where it never falls. */
  readonly read: (
    type: "gauge" | "counter",
    name: string,
    description: string,
    value: () => number,
    labels?: Labels,
  ) => void;
  /** Is called, and waited for, before all values are read; must not reject. */
  readonly before: (prepare: () => Promise<void>) => void;
  /** All of it, in the text format of Prometheus. */
  readonly text: () => Promise<string>;
};

/** In seconds: from an answer out of memory to a carrier's time limit. */
const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** Keeps what `make` gives by its labels, which are always named in the same order. */
const kept = <Of extends Labels, Note>(make: (labels: Of) => Note): Family<Of, Note> => {
  const series = new Map<string, Note>();
  return (labels) => {
    const key = JSON.stringify(Object.values(labels));
    const known = series.get(key);
    if (known !== undefined) return known;
    const made = make(labels);
    series.set(key, made);
    return made;
  };
};

/** A registry with nothing in it. It has no timers, and asks for nothing until it is read. */
export const openRegistry = (): Registry => {
  const context = Context.make(Metric.MetricRegistry, new Map());
  const preparations: (() => Promise<void>)[] = [];
  const histogram = <Of extends Labels>(
    [name, description]: Described,
    boundaries: readonly number[],
    unit: number,
  ): Family<Of, (value: number) => void> =>
    kept((attributes) => {
      const metric = Metric.histogram(name, { description, attributes, boundaries });
      metric.valueUnsafe(context);
      return (value) => metric.updateUnsafe(value / unit, context);
    });
  return {
    counter: (name, description) =>
      kept((attributes) => {
        const metric = Metric.counter(name, { description, attributes, incremental: true });
        metric.updateUnsafe(0, context);
        return (by = 1) => metric.updateUnsafe(by, context);
      }),
    timer: (...of) => histogram(of, DURATIONS, SECOND_MS),
    sizes: (...of) => histogram(of, SIZES, 1),
    gauge: (name, description) =>
      kept((attributes) => {
        const metric = Metric.gauge(name, { description, attributes });
        return (value) => metric.updateUnsafe(value, context);
      }),
    read: (type, name, description, value, attributes = {}) => {
      const nothing = () => {};
      if (type === "gauge") {
        Metric.registerUnsafe(Metric.gauge(name, { description, attributes }), context, {
          get: () => ({ value: value() }),
          update: nothing,
          modify: nothing,
        });
      } else {
        Metric.registerUnsafe(Metric.counter(name, { description, attributes }), context, {
          get: () => ({ count: value(), incremental: true }),
          update: nothing,
          modify: nothing,
        });
      }
    },
    before: (prepare) => void preparations.push(prepare),
    text: async () => {
      // Loaded when it is first read, for a quick start.
      const [{ formatUnsafe }] = await Promise.all([
        import("effect/observability/PrometheusMetrics"),
        ...preparations.map((prepare) => prepare()),
      ]);
      return formatUnsafe(context);
    },
  };
};
