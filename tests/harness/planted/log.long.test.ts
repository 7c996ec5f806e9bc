/** The suite passes a log that fulfils its port, and finds each that does not. */
import { describe } from "node:test";
import { openMemoryLog } from "../../../adapters/log/memory/mod.ts";
import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import type { EventLog, NextRows } from "../../../core/ports/mod.ts";
import { eventLogContract } from "../contract/log/suite.ts";
import { DELIVERY_FAULTS } from "./deliveries.ts";
import { findsOut, type Planted } from "./support.ts";

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
  "removes no rows below a key": ({ append }) => ({
    append: (input) =>
      append({ ...input, rows: input.rows.filter(({ change }) => change !== "removeBelow") }),
  }),
  "keeps rows in a rebuild that were below a key": rebuilding((next) => ({
    put: (advances) =>
      next.put(advances.map((advance) => ({
        ...advance,
        rows: advance.rows.filter(({ change }) => change !== "removeBelow"),
      }))),
  })),
  "knows only the first of several commands": ({ load }) => ({
    load: (organization, { commands, ...needs }) =>
      load(organization, { ...needs, commands: commands?.slice(0, 1) }),
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
  "gives the events of all in place of those about a holding": ({ events }) => ({
    eventsAbout: (organization, _holding, after, limit) => events(organization, after, limit),
  }),
  "begins each page of a number's beginnings at the first": ({ eventsBeginning }) => ({
    eventsBeginning: (e164, _after, limit) =>
      eventsBeginning(e164, { organization: "", position: 0 }, limit),
  }),
  "gives events of a number that begin nothing": ({ scan }) => ({
    eventsBeginning: async (e164, after, limit) =>
      (await scan(after, 100 * limit)).filter(({ data }) => Object(data)["e164"] === e164)
        .slice(0, limit),
  }),
  "finds only events that name their holding first": ({ eventsAbout }) => ({
    eventsAbout: async (...asked) =>
      (await eventsAbout(...asked)).filter(({ data }) =>
        Object.keys(data as object)[0] === "holding"
      ),
  }),
  "notifies no listener of an append": () => ({ watch: () => () => {} }),
  "returns another head in a conflict": ({ append }) => ({
    append: async (input) => {
      const outcome = await append(input);
      return outcome.outcome === "conflict" ? { ...outcome, head: EMPTY_HEAD } : outcome;
    },
  }),
  "begins each page of all logs at the first event of one": ({ scan }) => ({
    scan: ({ organization }, limit) => scan({ organization, position: 0 }, limit),
  }),
  "finds a row of any kind": ({ find }) => ({
    find: async (_kind, key) =>
      await find("number", key) ?? await find("token", key) ?? await find("kind of the test", key),
  }),
  "gives claims without their rows": ({ claims }) => ({
    claims: async (...asked) => (await claims(...asked)).map(({ claim }) => ({ claim, rows: [] })),
  }),
  "begins each page of claims with the one before it": ({ claims }) => ({
    claims: async (keys, kinds) =>
      "after" in keys
        ? await claims({ ...keys, after: keys.after.slice(0, -1) }, kinds)
        : await claims(keys, kinds),
  }),
  "gives the claims that are asked for as they are asked for": ({ claims }) => ({
    claims: async (keys, kinds) =>
      "after" in keys
        ? await claims(keys, kinds)
        : (await Promise.all(keys.map((key) => claims([key], kinds)))).flat(),
  }),
  "counts the rows of the page for those of the list": ({ list }) => ({
    list: async (...asked) => {
      const { rows, total, ...rest } = await list(...asked);
      return { ...rest, rows, total: total === null ? null : rows.length };
    },
  }),
  "goes on with a list by its order alone": ({ list }) => ({
    list: (organization, kind, filter, { after, ...page }) =>
      list(organization, kind, filter, {
        ...page,
        after: after === undefined ? undefined : { ...after, key: "\uffff" },
      }),
  }),
  "lists what has any of the tags": ({ list }) => ({
    list: (organization, kind, { tags, ...filter }, page) =>
      list(organization, kind, { ...filter, tags: tags?.slice(0, 1) }, page),
  }),
  "loads the rows of no group": ({ load }) => ({
    load: (organization, { groups: _groups, ...needs }) => load(organization, needs),
  }),
  "rebuilds rows that are in no list": rebuilding((next) => ({
    put: (advances) =>
      next.put(advances.map((advance) => ({
        ...advance,
        rows: advance.rows.map((row) => "data" in row ? { ...row, listing: undefined } : row),
      }))),
  })),
  "leases nothing": () => ({
    leases: { take: () => Promise.resolve([]), end: () => Promise.resolve() },
  }),
  "notes each use of a token": ({ tokenUses }) => ({
    tokenUses: tokenUses && {
      ...tokenUses,
      note: async (uses) => {
        await tokenUses.forget(uses.map(({ token }) => token));
        await tokenUses.note(uses);
      },
    },
  }),
  "notes one use of several tokens": ({ tokenUses }) => ({
    tokenUses: tokenUses && { ...tokenUses, note: (uses) => tokenUses.note(uses.slice(0, 1)) },
  }),
  "forgets no use of a token": ({ tokenUses }) => ({
    tokenUses: tokenUses && { ...tokenUses, forget: () => Promise.resolve() },
  }),
  "forgets the uses of tokens with their rows": ({ tokenUses, replaceRows }) => ({
    replaceRows: async (organization, expected, rows, claims) => {
      await tokenUses?.forget(rows.map(({ key }) => key));
      return await replaceRows(organization, expected, rows, claims);
    },
  }),
  ...DELIVERY_FAULTS,
  "keeps what follows an append that was refused": ({ append, load }) => ({
    append: async (input) => {
      const { position } = (await load(input.organization, {})).head;
      const isAhead = input.expected !== "any" && input.expected.position > position;
      return await append(isAhead ? { ...input, expected: "any" } : input);
    },
  }),
  "takes no append before the one that it follows has its outcome": ({ append }) => {
    const underWay = new Set<string>();
    return {
      append: async (input) => {
        const { organization, expected } = input;
        if (expected !== "any" && underWay.has(organization)) {
          return { outcome: "conflict", head: EMPTY_HEAD };
        }
        underWay.add(organization);
        try {
          await new Promise((resolve) => setTimeout(resolve, 0));
          return await append(input);
        } finally {
          underWay.delete(organization);
        }
      },
    };
  },
  "appends nothing to tell of": () => ({
    append: () => Promise.reject(new Error("the disk is full")),
  }),
  "returns work too early": ({ due }) => ({
    due: (until, ...rest) => due(until + 1, ...rest),
  }),
  "replaces rows at any head": ({ load, replaceRows }) => ({
    replaceRows: async (organization, _expected, ...rest) =>
      replaceRows(organization, (await load(organization, {})).head, ...rest),
  }),
  "skips an event between pages of all logs": ({ scan }) => ({
    scan: ({ organization, position }, limit) =>
      scan({ organization, position: position + 1 }, limit),
  }),
  "keeps rows in a rebuild that were removed": rebuilding((next) => ({
    put: (advances) =>
      next.put(advances.map((advance) => ({
        ...advance,
        rows: advance.rows.filter(({ change }) => change !== "remove"),
      }))),
  })),
  "gives nothing of what a rebuild came to": ({ rebuild }) => ({
    rebuild: async <Value>(work: (next: NextRows) => Promise<Value>) => {
      await rebuild(work);
      return undefined as Value;
    },
  }),
  "starts over with each page of what is behind in a rebuild": rebuilding((next) => ({
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
      eventLogContract(runner, "planted", () => Promise.resolve(plant(openMemoryLog())), {
        withoutFaults: "the log is in the memory of this process",
      }),
  );
});
