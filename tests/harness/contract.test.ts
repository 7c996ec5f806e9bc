/** Each suite passes an adapter that keeps its word, and finds out one that breaks it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { EMPTY_HEAD } from "../../core/log/chain.ts";
import type { Carrier, EventLog, NextRows, Notifier, Payments } from "../../core/ports.ts";
import { NO_MONEY } from "../../core/values/money.ts";
import { failed, ok } from "../../core/values/result.ts";
import { sandboxSubject } from "../contract/carrier/sandbox.ts";
import { openOutside } from "../properties/doubles.ts";
import { carrierContract } from "./contract/carrier.ts";
import { eventLogContract } from "./contract/log/suite.ts";
import { notifierContract, type Receiver } from "./contract/notifier.ts";
import { paymentsContract } from "./contract/payments.ts";
import { runSuite, type TestRunner } from "./runner.ts";

/** The names of the tests that failed. */
const failures = async (declare: (runner: TestRunner) => void): Promise<readonly string[]> => {
  const results = await runSuite(declare);
  assert.ok(results.length > 0);
  return results.filter(({ error }) => error !== null).map(({ name }) => name);
};

/** The runner, whose tests are only run until one has failed. */
const untilFailure = (runner: TestRunner): TestRunner => {
  let hasFailed = false;
  const test: TestRunner["test"] = (name, work) =>
    runner.test(name, async () => {
      if (hasFailed) return;
      hasFailed = true;
      await work();
      hasFailed = false;
    });
  return { ...runner, test };
};

type Planted<Port> = Readonly<Record<string, (port: Port) => Partial<Port>>>;

/** Declares a test for an adapter without fault, and one for each fault that is planted in it. */
const findsOut = <Port extends object>(
  planted: Planted<Port>,
  declareFor: (runner: TestRunner, plant: (port: Port) => Port) => void,
): void => {
  test("passes an adapter that keeps its word", async () => {
    assert.deepEqual(await failures((runner) => declareFor(runner, (port) => port)), []);
  });
  for (const [fault, change] of Object.entries(planted)) {
    test(`finds out one that ${fault}`, async () => {
      const plant = (port: Port): Port => ({ ...port, ...change(port) });
      const found = await failures((runner) => declareFor(untilFailure(runner), plant));
      assert.notDeepEqual(found, []);
    });
  }
};

/** Plants a fault in what a log's rebuilds are made with. */
const rebuilding =
  (change: (next: NextRows) => Partial<NextRows>) =>
  ({ rebuild }: EventLog): Pick<EventLog, "rebuild"> => ({
    rebuild: (work) => rebuild((next) => work({ ...next, ...change(next) })),
  });

const LOGS: Planted<EventLog> = {
  "takes any head": ({ append }) => ({
    append: (input) => append({ ...input, expected: "any" }),
  }),
  "takes no claim": ({ append }) => ({
    append: (input) => append({ ...input, claims: [] }),
  }),
  "takes only the first of two claims": ({ append }) => ({
    append: (input) => append({ ...input, claims: input.claims.slice(0, 1) }),
  }),
  "frees no claim": ({ append }) => ({
    append: (input) => append({ ...input, free: [] }),
  }),
  "forgets command ids": ({ append }) => ({
    append: (input) => append({ ...input, command: null }),
  }),
  "loses the second event": ({ append }) => ({
    append: (input) => append({ ...input, events: input.events.slice(0, 1) }),
  }),
  "writes no rows": ({ append }) => ({
    append: (input) => append({ ...input, rows: [] }),
  }),
  "gives pages that overlap": ({ events }) => ({
    events: (organization, after, limit) => events(organization, Math.max(0, after - 1), limit),
  }),
  "tells nobody of an append": () => ({ watch: () => () => {} }),
  "tells of another head in a conflict": ({ append }) => ({
    append: async (input) => {
      const outcome = await append(input);
      return outcome.outcome === "conflict" ? { ...outcome, head: EMPTY_HEAD } : outcome;
    },
  }),
  "begins each page of all logs at the first event of one": ({ scan }) => ({
    scan: ({ organization }, limit) => scan({ organization, position: 0 }, limit),
  }),
  "finds a row whatever its kind": ({ find }) => ({
    find: async (_kind, key) =>
      await find("number", key) ?? await find("token", key) ?? await find("kind of the test", key),
  }),
  "leases nothing": () => ({
    leases: { take: () => Promise.resolve([]), end: () => Promise.resolve() },
  }),
  "appends nothing to tell of": () => ({
    append: () => Promise.reject(new Error("the disk is full")),
  }),
  "tells of work too early": ({ due }) => ({
    due: (until, ...rest) => due(until + 1, ...rest),
  }),
  "replaces rows whatever the head": ({ load, replaceRows }) => ({
    replaceRows: async (organization, _expected, ...rest) =>
      replaceRows(organization, (await load(organization, {})).head, ...rest),
  }),
  "skips an event between pages of all logs": ({ scan }) => ({
    scan: ({ organization, position }, limit) =>
      scan({ organization, position: position + 1 }, limit),
  }),
  "keeps rows in a rebuild that are gone": rebuilding((next) => ({
    put: (advances) =>
      next.put(advances.map((advance) => ({
        ...advance,
        rows: advance.rows.filter(({ data }) => data !== null),
      }))),
  })),
  "gives nothing of what a rebuild came to": ({ rebuild }) => ({
    rebuild: async <Value>(work: (next: NextRows) => Promise<Value>) => {
      await rebuild(work);
      return undefined as Value;
    },
  }),
  "begins each page of what is behind in a rebuild anew": rebuilding((next) => ({
    lags: (_after, limit) => next.lags("", limit),
  })),
  "frees no claim in a rebuild": rebuilding((next) => ({
    put: (advances) => next.put(advances.map((advance) => ({ ...advance, freed: [] }))),
  })),
  "finds nothing behind in a rebuild once it was put": rebuilding((next) => ({
    lags: async (...input) => (await next.lags(...input)).filter(({ put }) => put.position === 0),
  })),
  "gives a rebuild an event too few": rebuilding((next) => ({
    events: (organization, after, limit) => next.events(organization, after, limit - 1),
  })),
  "lets appends in while it swaps": rebuilding((next) => ({
    swap: async (finish) => {
      await finish();
      await next.swap(() => Promise.resolve());
    },
  })),
  "closes nothing": () => ({ close: () => Promise.resolve() }),
  "spoils odd text": ({ events }) => ({
    events: async (...input) =>
      JSON.parse(JSON.stringify(await events(...input)).replaceAll("\\u0000", "")),
  }),
};

describe("the contract of logs", () => {
  findsOut(
    LOGS,
    (runner, plant) =>
      eventLogContract(runner, "planted", () => Promise.resolve(plant(openMemoryLog()))),
  );
});

const CARRIERS: Planted<Carrier> = {
  "sells a number twice": ({ order }) => ({
    order: async (asked) => {
      const placed = await order(asked);
      const sold = placed.ok && placed.value.status === "failed";
      return sold ? ok({ status: "confirmed", carrierId: "again" }) : placed;
    },
  }),
  "forgets the keys of orders": ({ order }) => ({
    order: (asked) => order({ ...asked, key: `${asked.key} or so` }),
  }),
  "goes on offering what is sold": ({ search }) => {
    let first: ReturnType<Carrier["search"]> | null = null;
    return { search: (filters) => first ??= search(filters) };
  },
  "releases whoever has the number now": (carrier) => ({
    release: async ({ e164 }) => {
      const found = await carrier.findNumber(e164);
      if (!found.ok || found.value === null) return ok("gone");
      return carrier.release(found.value);
    },
  }),
  "leaves the last number out of its inventory": ({ inventory }) => ({
    inventory: async (after) => {
      const page = await inventory(after);
      return page.ok ? ok({ ...page.value, numbers: page.value.numbers.slice(0, -1) }) : page;
    },
  }),
  "has an inventory without end": ({ inventory }) => ({
    inventory: async () => {
      const page = await inventory(null);
      return page.ok ? ok({ ...page.value, next: "the first again" }) : page;
    },
  }),
  "does not say how long its orders take": () => ({ settlingMs: Number.NaN }),
  "has a name that no event can hold": () => ({ name: "Acme Telephony Inc." }),
  "keeps every number": () => ({ release: () => Promise.resolve(ok("released")) }),
  "ignores towns": ({ search }) => ({
    search: ({ locality: _town, ...filters }) => search(filters),
  }),
};

describe("the contract of carriers", () => {
  findsOut(CARRIERS, (runner, plant) =>
    carrierContract(runner, "planted", () => {
      const clock = openTestClock(0);
      const carrier = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
      return Promise.resolve(sandboxSubject(plant(carrier), clock));
    }));
});

const PAYMENTS: Planted<Payments> = {
  "charges anew each time": ({ charge }) => {
    let asked = 0;
    return { charge: (one) => charge({ ...one, key: asked++ === 0 ? one.key : `${one.key}/2` }) };
  },
  "takes nothing": () => ({ charge: () => Promise.resolve("paid") }),
  "gives nothing back": () => ({ refund: () => Promise.resolve("refunded") }),
  "answers in another way the second time": ({ charge }) => {
    const seen = new Set<string>();
    return {
      charge: (one) => {
        if (seen.has(one.key)) return Promise.resolve("declined");
        seen.add(one.key);
        return charge(one);
      },
    };
  },
  "does not know what it never charged": ({ refund }) => {
    const seen = new Set<string>();
    return { refund: (key) => seen.has(key) ? refund(key) : Promise.resolve("unknown") };
  },
};

describe("the contract of payments", () => {
  findsOut(PAYMENTS, (runner, plant) =>
    paymentsContract(runner, "planted", () => {
      const { payments, paid } = openOutside(openTestClock(0));
      const taken = (wanted: string) => {
        const micros = [...paid.values()].filter(({ key }) => key.startsWith(wanted))
          .reduce((sum, { amount }) => sum + amount.micros, 0);
        return { ...NO_MONEY, micros };
      };
      return { payments: plant(payments), taken };
    }));
});

const notifierFor = (receiver: Receiver): Notifier => ({
  announce: ({ id }) =>
    Promise.resolve(
      receiver === "accepts"
        ? ok({ jobId: `job_${id}` })
        : failed({ message: "the reviewers could not be told" }),
    ),
});

const NOTIFIERS: Planted<Notifier> = {
  "makes a new job each time": ({ announce }) => {
    let jobs = 0;
    return {
      announce: async (submission) => {
        const told = await announce(submission);
        return told.ok ? ok({ jobId: `job_${++jobs}` }) : told;
      },
    };
  },
  "takes silence for a yes": () => ({ announce: ({ id }) => Promise.resolve(ok({ jobId: id })) }),
  "tells the secret address": ({ announce }) => ({
    announce: async (submission) => {
      const told = await announce(submission);
      return told.ok ? told : failed({ message: "https://hooks.example/secret did not answer" });
    },
  }),
  "throws": () => ({ announce: () => Promise.reject(new Error("the line broke")) }),
};

describe("the contract of notifiers", () => {
  findsOut(
    NOTIFIERS,
    (runner, plant) =>
      notifierContract(runner, "planted", (receiver) =>
        Promise.resolve({
          notifier: plant(notifierFor(receiver)),
          close: () => Promise.resolve(),
        })),
  );
});
