/** A consumer handles every event at least once, in order for each subject, and knows repeats. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  consume,
  openMemoryPositions,
  type PositionStore,
  type WebhookEvent,
} from "../../adapters/package/webhooks.ts";
import { secretOf } from "../../adapters/signatures/derived.ts";
import { openSigner } from "../../adapters/signatures/signer.ts";
import { gate } from "../support/gate.ts";
import { runs } from "../support/runs.ts";
import { openReceiver } from "./receiver-example.ts";

const eventOf = (
  position: number,
  { subject = "/ledger/numbers/num_1", organization = "acme", hasCursor = true } = {},
): WebhookEvent => ({
  id: `ev_${String(position).padStart(32, "0")}`,
  type: "organization.renamed",
  at: "2026-01-31T10:00:00Z",
  organization,
  subject,
  data: {},
  ...(hasCursor && { cursor: `${position}-${"0".repeat(64)}` }),
});

const openCounting = (store: PositionStore = openMemoryPositions()) => {
  const handled: string[] = [];
  const handle = consume(store, (event) => void handled.push(event.id));
  return { handle, handled };
};

describe("a consumer", () => {
  it("handles an event once, however often it comes, also after a restart", async () => {
    const store = openMemoryPositions();
    const first = openCounting(store);
    const event = eventOf(1);
    const outcomes = [await first.handle(event), await first.handle(event)];
    const second = openCounting(store);
    outcomes.push(await second.handle(event), await second.handle(eventOf(2)));
    assert.deepEqual(outcomes, ["handled", "repeated", "repeated", "handled"]);
    assert.deepEqual([first.handled, second.handled], [[event.id], [eventOf(2).id]]);
  });

  it("handles each of any deliveries once, in the order of each subject", async () => {
    const subjects = ["/ledger/numbers/num_1", "/ledger/numbers/num_2"];
    const deliveries = fc.array(fc.tuple(fc.boolean(), fc.nat(9)), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(deliveries, fc.boolean(), async (drawn, hasCursor) => {
        // In order for each subject, with repeats of what came before at any place.
        const sent = [1, 1];
        const { handle, handled } = openCounting();
        const expected: string[] = [];
        for (const [which, back] of drawn) {
          const at = which ? 1 : 0;
          const next = sent[at] ?? 1;
          const position = back > 4 ? next : Math.max(1, next - back);
          const event = eventOf(2 * position + at, { subject: subjects[at] ?? "", hasCursor });
          if (position === next) sent[at] = next + 1;
          if (!expected.includes(event.id)) expected.push(event.id);
          await handle(event);
        }
        assert.deepEqual(handled, expected);
      }),
      { numRuns: runs(300) },
    );
  });
});

describe("a consumer of events that come at the same time", () => {
  it("gives the same outcome to one that comes again while it is handled", async () => {
    let calls = 0;
    const done = gate();
    const handle = consume(openMemoryPositions(), () => {
      calls += 1;
      return done.opened;
    });
    const both = Promise.all([handle(eventOf(1)), handle(eventOf(1))]);
    done.open();
    assert.deepEqual(await both, ["handled", "handled"]);
    assert.equal(calls, 1);
  });

  it("handles events of one subject one after the other, and of others meanwhile", async () => {
    const begun: string[] = [];
    const hangs = gate();
    const handle = consume(openMemoryPositions(), ({ id, subject }) => {
      begun.push(id);
      return subject.endsWith("num_1") ? hangs.opened : undefined;
    });
    const [first, second] = [handle(eventOf(1)), handle(eventOf(2))];
    assert.equal(await handle(eventOf(3, { subject: "/ledger/numbers/num_2" })), "handled");
    assert.equal(await handle(eventOf(4, { organization: "other", subject: "x" })), "handled");
    assert.deepEqual(begun, [eventOf(1).id, eventOf(3).id, eventOf(4).id]);
    hangs.open();
    assert.deepEqual([await first, await second], ["handled", "handled"]);
  });
});

describe("a consumer of which something fails", () => {
  it("handles an event again where the handler failed, and others of its subject after it", async () => {
    let fails = true;
    const handled: string[] = [];
    const handle = consume(openMemoryPositions(), ({ id }) => {
      if (fails) throw new Error("the mail server is away");
      handled.push(id);
    });
    await assert.rejects(handle(eventOf(1)), /the mail server is away/);
    fails = false;
    assert.equal(await handle(eventOf(1)), "handled");
    assert.equal(await handle(eventOf(2)), "handled");
    assert.deepEqual(handled, [eventOf(1).id, eventOf(2).id]);
  });

  it("loses nothing wherever its process stops, and handles again at most the last", async () => {
    // It stops before any of the calls of the store and the handler.
    for (let stopsAt = 0; stopsAt < 9; stopsAt++) {
      const store = openMemoryPositions();
      const handled: string[] = [];
      let calls = 0;
      const stop = (): void => {
        if (calls++ === stopsAt) throw new Error("killed");
      };
      const open = (check: () => void) =>
        consume({
          read: (key) => (check(), store.read(key)),
          write: (key, value) => (check(), store.write(key, value)),
        }, ({ id }) => (check(), void handled.push(id)));
      const dying = open(stop);
      const events = [eventOf(1), eventOf(2), eventOf(3)];
      for (const event of events) if (await dying(event).catch(() => null) === null) break;
      const next = open(() => {});
      for (const event of events) await next(event);
      assert.deepEqual([...new Set(handled)], events.map(({ id }) => id));
      assert.ok(handled.length <= 4, `${handled}`);
    }
  });

  it("does not take what the store never had for nothing", async () => {
    for (const value of ["{}", "[]", "null", "7", `{"ids":1,"upTo":0}`, "not JSON"]) {
      const { handle, handled } = openCounting({
        read: () => Promise.resolve(value),
        write: () => Promise.resolve(),
      });
      await assert.rejects(handle(eventOf(1)));
      assert.deepEqual(handled, []);
    }
  });
});

describe("the memory of a consumer", () => {
  it("has a hundred events of a subject, and takes older ones for handled", async () => {
    const sizes: number[] = [];
    const store = openMemoryPositions();
    const { handle, handled } = openCounting({
      read: store.read,
      write: (key, value) => {
        sizes.push(value.length);
        return store.write(key, value);
      },
    });
    for (let position = 1; position <= 300; position++) await handle(eventOf(position));
    for (const position of [1, 150, 250, 300]) {
      assert.equal(await handle(eventOf(position)), "repeated", `${position}`);
    }
    assert.equal(handled.length, 300);
    assert.ok(Math.max(...sizes) <= 8_192, `${Math.max(...sizes)}`);
  });

  it("of one that began in the middle lets it handle what is replayed from before", async () => {
    const { handle, handled } = openCounting();
    for (const position of [50, 51]) await handle(eventOf(position));
    for (const position of [1, 2, 50, 51, 52]) await handle(eventOf(position));
    assert.deepEqual(handled, [50, 51, 1, 2, 52].map((position) => eventOf(position).id));
  });
});

describe("the receiver of the package's README", () => {
  it("is the one that is tried here", () => {
    const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
    const [, ...code] = read("./receiver-example.ts").split("\n");
    const shown = code.join("\n").replace("export ", "").trim();
    assert.ok(read("../../adapters/package/README.md").includes("```ts\n" + shown + "\n```\n"));
  });

  it("answers by what came of the event", async () => {
    const key = Uint8Array.from({ length: 32 }, (_, at) => at);
    const secret = await secretOf(key, "wh_1", 1);
    let fails = true;
    const receive = openReceiver([secret], openMemoryPositions(), () => {
      if (fails) throw new Error("away");
      return Promise.resolve();
    });
    const send = async (position: number, by = secret): Promise<string> => {
      const event = eventOf(position);
      const body = JSON.stringify(event);
      const headers = await openSigner(by)(event.id, Date.now(), body);
      const request = new Request("https://a.example", { method: "POST", headers, body });
      const response = await receive(request);
      return `${response.status} ${await response.text()}`;
    };
    assert.equal(await send(1), "500 try again");
    fails = false;
    assert.equal(await send(1), "200 handled");
    assert.equal(await send(1), "200 repeated");
    const other = await secretOf(key, "wh_2", 1);
    assert.equal(await send(2, other), "400 SIGNATURE_INVALID");
  });
});
