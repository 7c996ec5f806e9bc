/** The parts of a server, each as it is measured. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { measureCarriers, measureCircuits } from "../../adapters/runtimes/metrics/carrier.ts";
import { countThrottled } from "../../adapters/runtimes/metrics/answers.ts";
import { measureClock, measureWork } from "../../adapters/runtimes/metrics/ledger.ts";
import { measureLog, measureLogEvents } from "../../adapters/runtimes/metrics/log.ts";
import { measureProcess } from "../../adapters/runtimes/metrics/process.ts";
import { together } from "../../adapters/runtimes/metrics/processes.ts";
import { openRegistry } from "../../adapters/runtimes/metrics/registry.ts";
import { AUTOMATIONS } from "../../core/values/identity.ts";
import { failed } from "../../core/values/result.ts";
import { valueIn } from "./metrics.ts";

describe("the parts that are measured", () => {
  test("a log that is away is measured from when it was said first until it is back", async () => {
    const registry = openRegistry();
    let now = 0;
    const { onAvailability } = measureLogEvents(registry, () => now);
    const seen = async () => {
      const text = await registry.text();
      return [
        valueIn(text, "ledgerline_log_available"),
        valueIn(text, "ledgerline_log_unavailable_seconds_total"),
      ];
    };
    assert.deepEqual(await seen(), [1, 0]);
    onAvailability(false);
    now = 1_000;
    onAvailability(false);
    now = 3_000;
    assert.deepEqual(await seen(), [0, 3]);
    onAvailability(true);
    now = 10_000;
    onAvailability(true);
    assert.deepEqual(await seen(), [1, 3]);
    onAvailability(false);
    now = 10_500;
    onAvailability(true);
    assert.deepEqual(await seen(), [1, 3.5]);
  });

  test("due work is read from the log, once in a while, and a page at most", async () => {
    const registry = openRegistry();
    const asked: number[] = [];
    const item = (automation: string, due: number) =>
      ({ automation, due, organization: "acme", kind: "number", key: `${due}` }) as const;
    const due = (_until: number, limit: number) => {
      asked.push(limit);
      return Promise.resolve([
        item("renewals", 1_000),
        item("ordering", 4_000),
        item(
          "renewals",
          5_000,
        ),
      ]);
    };
    measureWork({ due }, { now: () => 9_000 }, registry);
    await registry.text();
    const text = await registry.text();
    assert.deepEqual(asked, [1_000]);
    const of = (metric: string, automation: string) =>
      valueIn(text, `ledgerline_work_${metric}{automation="${automation}"}`);
    assert.deepEqual([of("due", "renewals"), of("oldest_seconds", "renewals")], [2, 8]);
    assert.deepEqual([of("due", "ordering"), of("oldest_seconds", "ordering")], [1, 5]);
    for (const automation of AUTOMATIONS) assert.ok(of("due", automation) !== undefined);
  });

  test("metrics are shown while the log cannot be read, or hangs", async () => {
    for (
      const due of [() => Promise.reject(new Error("away")), () => new Promise<never>(() => {})]
    ) {
      const registry = openRegistry();
      measureWork({ due }, { now: () => 0 }, registry);
      const text = await registry.text();
      assert.equal(valueIn(text, 'ledgerline_work_due{automation="ordering"}'), 0);
    }
  });
});

describe("a log that is measured", () => {
  test("has each append counted by its outcome, and each call timed", async () => {
    const registry = openRegistry();
    const answers = ["appended", "conflict", "conflict", "claimed", "repeated", "failed"];
    const log = measureLog({
      load: () => Promise.resolve({}),
      append: () => {
        const outcome = answers.shift();
        return outcome === "failed"
          ? Promise.reject(new Error("away"))
          : Promise.resolve({ outcome });
      },
    } as never, registry);
    await log.load("acme", {});
    for (let left = answers.length; left > 0; left -= 1) {
      await log.append({} as never).catch(() => {});
    }
    const text = await registry.text();
    const counts = ["appended", "conflict", "claimed", "repeated", "failed"].map((outcome) =>
      valueIn(text, `ledgerline_log_appends_total{outcome="${outcome}"}`)
    );
    assert.deepEqual(counts, [1, 2, 1, 1, 1]);
    const timed = (call: string) =>
      valueIn(text, `ledgerline_log_duration_seconds_count{call="${call}"}`);
    assert.deepEqual([timed("load"), timed("append")], [1, 6]);
  });

  test("has its syncs counted, and its batches by their size", async () => {
    const registry = openRegistry();
    const { onSync, onBatch } = measureLogEvents(registry, () => 0);
    for (const size of [1, 3, 8]) onBatch(size);
    onSync();
    onSync();
    const text = await registry.text();
    assert.equal(valueIn(text, "ledgerline_log_syncs_total"), 2);
    const size = "ledgerline_log_batch_size";
    assert.deepEqual(
      [valueIn(text, `${size}_sum`), valueIn(text, `${size}_count`)],
      [12, 3],
    );
    assert.deepEqual(
      [1, 4, 8].map((most) => valueIn(text, `${size}_bucket{le="${most}"}`)),
      [1, 2, 3],
    );
  });
});

describe("what else is measured", () => {
  test("are requests and searches beyond a limit, told apart", async () => {
    const registry = openRegistry();
    const limiter = countThrottled({
      take: (buckets) => buckets.length > 1 ? { taken: false } as never : { taken: true } as never,
    }, registry);
    const bucket = (key: string) => ({ key }) as never;
    await limiter.take([bucket("requests:acme")]);
    await limiter.take([bucket("requests:acme"), bucket("requests:acme:tk_1")]);
    await limiter.take([bucket("searches:acme"), bucket("requests:acme")]);
    await limiter.take([bucket("searches:acme"), bucket("requests:acme")]);
    const text = await registry.text();
    const throttled = (asked: string) =>
      valueIn(text, `ledgerline_throttled_total{asked="${asked}"}`);
    assert.deepEqual([throttled("requests"), throttled("searches")], [1, 2]);
  });

  test("are a doubted clock and the process", async () => {
    const registry = openRegistry();
    let isDoubted = false;
    measureClock({ doubt: () => isDoubted ? {} as never : null }, registry);
    const end = measureProcess(registry);
    const doubted = async () => valueIn(await registry.text(), "ledgerline_clock_doubted");
    assert.equal(await doubted(), 0);
    isDoubted = true;
    assert.equal(await doubted(), 1);
    const text = await registry.text();
    for (
      const name of [
        "process_cpu_seconds_total",
        "process_heap_bytes",
        "process_start_time_seconds",
      ]
    ) assert.ok((valueIn(text, name) ?? 0) > 0, name);
    assert.ok((valueIn(text, "ledgerline_event_loop_delay_seconds") ?? -1) >= 0);
    end();
  });
});

describe("a carrier that is measured", () => {
  test("answers as before, and what throws counts as broken", async () => {
    const registry = openRegistry();
    const error = { kind: "unreachable", message: "no" } as const;
    const sandbox = openSandboxCarrier();
    const carrier = measureCarriers(registry)({
      ...sandbox,
      has: () => Promise.resolve(failed(error)),
      release: () => Promise.reject(new Error("a bug")),
    });
    const number = { carrierId: "c", e164: "+14155550101" } as never;
    assert.deepEqual(await carrier.has(number), failed(error));
    await assert.rejects(carrier.release(number), /a bug/);
    assert.deepEqual(Object.keys(carrier).sort(), Object.keys(sandbox).sort());
    const text = await registry.text();
    const calls = (call: string, outcome: string) =>
      valueIn(
        text,
        `ledgerline_carrier_calls_total{carrier="sandbox",call="${call}",outcome="${outcome}"}`,
      );
    assert.deepEqual([calls("has", "unreachable"), calls("release", "broken")], [1, 1]);
  });

  test("has a circuit breaker that is open or closed", async () => {
    const registry = openRegistry();
    const onCircuit = measureCircuits("telnyx", registry);
    const openNow = async () =>
      valueIn(await registry.text(), 'ledgerline_carrier_circuit_open{carrier="telnyx"}');
    onCircuit({ circuit: "question", isOpen: true });
    assert.equal(await openNow(), 0);
    onCircuit({ circuit: "carrier", isOpen: true });
    assert.equal(await openNow(), 1);
    onCircuit({ circuit: "carrier", isOpen: false });
    assert.equal(await openNow(), 0);
    const text = await registry.text();
    const openings = (circuit: string) =>
      valueIn(
        text,
        `ledgerline_carrier_circuit_openings_total{carrier="telnyx",circuit="${circuit}"}`,
      );
    assert.deepEqual([openings("carrier"), openings("question")], [1, 1]);
  });
});

describe("what several processes measure", () => {
  test("is one text, in which each metric is described once and each series has its process", () => {
    const text = (count: number, more = ""): string =>
      `# HELP a_total What {is} counted.\n# TYPE a_total counter\n` +
      `a_total{route="{ /x/:id \\"}",le="1"} ${count}\na_total ${count}\n${more}`;
    const other = "# HELP b b.\n# TYPE b gauge\nb 0.5\n";
    assert.equal(
      together([{ place: 1, text: text(7) }, { place: 3, text: text(0, other) }]),
      `# HELP ledgerline_processes Processes of this server that are shown here; one that is late is left out.
# TYPE ledgerline_processes gauge
ledgerline_processes 2
# HELP a_total What {is} counted.
# TYPE a_total counter
a_total{process="1",route="{ /x/:id \\"}",le="1"} 7
a_total{process="1"} 7
a_total{process="3",route="{ /x/:id \\"}",le="1"} 0
a_total{process="3"} 0
# HELP b b.
# TYPE b gauge
b{process="3"} 0.5
`,
    );
  });
});
