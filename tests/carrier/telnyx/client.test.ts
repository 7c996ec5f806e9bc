/** How requests reach Telnyx, and the error for each kind of failure. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as Effect from "effect/Effect";
import {
  openClient,
  type Reply,
  type Request as Asked,
} from "../../../adapters/carrier/telnyx/client.ts";
import { LIMITS } from "../../../adapters/carrier/telnyx/limits.ts";
import { NOT_SAID_TO_BE_GONE } from "../../telnyx/corrupted-answers.ts";
import { onVirtualClock, pass } from "./virtual.ts";

const KEY = "KEY_that_is_secret";
const ORDER: Asked = { method: "POST", path: "/number_orders", body: { phone_numbers: [] } };
const READ: Asked = { method: "GET", path: "/phone_numbers", query: { a: "b c", d: undefined } };
const RELEASE: Asked = { method: "DELETE", path: "/phone_numbers/1" };

type Answer = (request: Request) => Response | Promise<Response>;

const rejecting = (thrown: unknown): Answer => () => Promise.reject(thrown);
const answering =
  (status: number, body?: string, headers: Record<string, string> = {}): Answer => () =>
    new Response(body ?? null, { status, headers });
const fetchFailed = (code: string): Answer =>
  rejecting(new TypeError("fetch failed", { cause: Object.assign(new Error(KEY), { code }) }));
const silent: Answer = () => new Promise(() => {});

/** A client whose requests get these answers one after the other, then the last one repeatedly. */
const open = (...answers: readonly [Answer, ...Answer[]]) => {
  const requests: Request[] = [];
  const { send } = openClient({
    apiKey: KEY,
    baseUrl: "https://carrier.example/v2",
    limits: LIMITS,
    fetch: (input, init) => {
      const request = new Request(input, init);
      const answer = answers[requests.push(request) - 1] ?? answers[answers.length - 1];
      return Promise.resolve((answer ?? silent)(request));
    },
  });
  return { requests, send };
};

/**
 * The outcome of a request: its reply, or the kind of its error, after as much time as it takes.
 */
const outcomeOf = Effect.fnUntraced(function* (call: ReturnType<ReturnType<typeof open>["send"]>) {
  const seen: { outcome: Reply | string | null; message: string } = { outcome: null, message: "" };
  yield* Effect.forkChild(
    Effect.match(call, {
      onSuccess: (reply) => {
        seen.outcome = reply;
        if (!reply.accepted) seen.message = reply.refusal.message;
      },
      onFailure: ({ kind, message }) => {
        seen.outcome = kind;
        seen.message = message;
      },
    }),
    { startImmediately: true },
  );
  for (let passed = 0; passed < 60_000 && seen.outcome === null; passed += 250) {
    yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)));
    yield* pass(250);
  }
  return seen;
});

test("client sends the key as a bearer token, JSON, and no undefined filter; follows no redirect", () =>
  onVirtualClock(Effect.gen(function* () {
    const { requests, send } = open(answering(200, "{}"));
    yield* send(READ);
    yield* send(ORDER);
    const [read, order] = requests;
    assert.equal(read?.url, "https://carrier.example/v2/phone_numbers?a=b+c");
    assert.equal(read.headers.get("authorization"), `Bearer ${KEY}`);
    assert.equal(read.redirect, "manual");
    assert.equal(order?.headers.get("content-type"), "application/json");
    assert.equal(yield* Effect.promise(() => order.text()), JSON.stringify(ORDER.body));
  })));

const FAILURES: readonly (readonly [string, Answer, "unreachable" | "unknown", boolean])[] = [
  ["the connection is refused", fetchFailed("ECONNREFUSED"), "unreachable", true],
  ["the name is unknown", fetchFailed("ENOTFOUND"), "unreachable", true],
  [
    "Deno cannot connect",
    rejecting(new TypeError("error sending request: client error (Connect): refused")),
    "unreachable",
    true,
  ],
  ["the connection breaks", fetchFailed("ECONNRESET"), "unknown", true],
  ["something else is thrown", rejecting(null), "unknown", true],
  ["the peer does not answer", silent, "unknown", true],
  ["it fails", answering(500, "{}"), "unknown", true],
  ["it is overloaded", answering(503), "unknown", true],
  ["it gave up waiting", answering(408), "unknown", true],
  ["it limits requests", answering(429, "{}"), "unreachable", true],
  [
    "it limits requests for long",
    answering(429, "{}", { "x-ratelimit-reset": "60" }),
    "unreachable",
    false,
  ],
  [
    "it sends us elsewhere",
    answering(302, "", { location: "https://x.example" }),
    "unknown",
    false,
  ],
];
for (const [what, answer, kind, isRepeated] of FAILURES) {
  test(`client reports a request as ${kind} when ${what}, and does not repeat an order`, () =>
    onVirtualClock(Effect.gen(function* () {
      const order = open(answer);
      const ordered = yield* outcomeOf(order.send(ORDER));
      assert.equal(ordered.outcome, kind);
      assert.equal(order.requests.length, 1);
      const read = open(answer);
      const seen = yield* outcomeOf(read.send(READ));
      assert.equal(seen.outcome, kind);
      assert.equal(read.requests.length, isRepeated ? 1 + LIMITS.repeats : 1);
      assert.doesNotMatch(`${ordered.message} ${seen.message}`, new RegExp(KEY));
    })));
}

test("client returns the answer when a repeat gets one", () =>
  onVirtualClock(Effect.gen(function* () {
    const { send } = open(
      answering(500),
      fetchFailed("ECONNRESET"),
      answering(200, `{"data":1}`),
    );
    const { outcome } = yield* outcomeOf(send(RELEASE));
    assert.deepEqual(outcome, { accepted: true, body: { data: 1 }, at: null });
  })));

test("client stays in doubt when the first attempt may have been accepted and the last certainly was not", () =>
  onVirtualClock(Effect.gen(function* () {
    const { send } = open(fetchFailed("ECONNRESET"), fetchFailed("ECONNREFUSED"));
    assert.equal((yield* outcomeOf(send(RELEASE))).outcome, "unknown");
  })));

test("client aborts the request when its time is over", () =>
  onVirtualClock(Effect.gen(function* () {
    const { requests, send } = open(silent);
    yield* outcomeOf(send(ORDER));
    assert.equal(requests[0]?.signal.aborted, true);
  })));

test("client sends nothing more after five failures in a row, and says so immediately", () =>
  onVirtualClock(Effect.gen(function* () {
    const { requests, send } = open(answering(500));
    for (let sent = 0; sent < LIMITS.failures; sent++) yield* Effect.flip(send(ORDER));
    assert.equal((yield* Effect.flip(send(ORDER))).kind, "unreachable");
    assert.equal((yield* Effect.flip(send(READ))).kind, "unreachable");
    assert.equal(requests.length, LIMITS.failures);
  })));

test("client continues other requests when one circuit's fail, of one kind or of all others", () =>
  onVirtualClock(Effect.gen(function* () {
    const asked = (area: string) => ({ ...ORDER, circuit: area });
    const { requests, send } = open(answering(500));
    const trip = function* (request: typeof ORDER) {
      for (let sent = 0; sent < LIMITS.failures; sent++) yield* Effect.flip(send(request));
      const before = requests.length;
      assert.equal((yield* Effect.flip(send(request))).kind, "unreachable");
      assert.equal(requests.length, before);
    };
    yield* Effect.gen(() => trip(asked("907")));
    for (const other of [asked("415"), ORDER]) {
      assert.equal((yield* Effect.flip(send(other))).kind, "unknown");
    }
    yield* Effect.gen(() => trip(ORDER));
    assert.equal((yield* Effect.flip(send(asked("415")))).kind, "unknown");
  })));

test("client remembers no more circuits than it needs", () =>
  onVirtualClock(Effect.gen(function* () {
    const { requests, send } = open(answering(500));
    const ask = (area: number) => Effect.flip(send({ ...ORDER, circuit: String(area) }));
    for (let sent = 0; sent < LIMITS.failures; sent++) yield* ask(0);
    for (let area = 1; area <= 1_000; area++) yield* ask(area);
    const before = requests.length;
    assert.equal((yield* ask(0)).kind, "unknown");
    assert.equal(requests.length, before + 1);
  })));

test("client returns a refusal as received, without the key, and does not repeat it", () =>
  onVirtualClock(Effect.gen(function* () {
    const detail = `The key ${KEY} is\nnot\u0000 good${"!".repeat(1_000)}`;
    const body = JSON.stringify({ errors: [{ code: "10009", title: "Authentication", detail }] });
    const { requests, send } = open(answering(401, body));
    const reply = yield* send(READ);
    assert.ok(!reply.accepted);
    const { status, code, message } = reply.refusal;
    assert.deepEqual([status, code, requests.length], [401, "10009", 1]);
    assert.match(
      message,
      /^Telnyx answered with status 401: The key \(the key\) is not {2}good!+$/,
    );
    assert.ok(message.length < 300);
  })));

test("client returns a refusal's code also when it is a number", () =>
  onVirtualClock(Effect.gen(function* () {
    const reply = yield* open(answering(404, `{"errors":[{"code":10005}]}`)).send(READ);
    assert.equal(reply.accepted ? null : reply.refusal.code, "10005");
  })));

test("client returns a refusal also when its body is not Telnyx's", () =>
  onVirtualClock(Effect.gen(function* () {
    for (
      const body of ["", "<html>", "null", `{"errors":{}}`, `{"errors":[]}`, `{"errors":[7]}`]
    ) {
      const reply = yield* open(answering(400, body)).send(READ);
      const message = "Telnyx answered with status 400.";
      const refusal = { status: 400, code: null, isForRequirements: false, message };
      assert.deepEqual(reply, { accepted: false, refusal });
    }
  })));

test("client does not trust a 404 without Telnyx's not-found code", () =>
  onVirtualClock(Effect.gen(function* () {
    for (const body of NOT_SAID_TO_BE_GONE) {
      const { requests, send } = open(answering(404, body));
      for (const asked of [READ, RELEASE, ORDER]) {
        const { kind, message } = yield* Effect.flip(send(asked));
        assert.equal(kind, "unknown", body);
        assert.equal(message, "Telnyx gave a malformed answer with status 404.");
      }
      assert.equal(requests.length, 3);
    }
  })));

test("client reads no more of an answer than four megabytes", () =>
  onVirtualClock(Effect.gen(function* () {
    let pulled = 0;
    const endless = () =>
      new Response(
        new ReadableStream({
          pull: (stream) => {
            pulled += 65_536;
            stream.enqueue(new Uint8Array(65_536).fill(0x20));
          },
        }),
      );
    const reply = yield* open(endless).send(READ);
    assert.deepEqual(reply, { accepted: true, body: undefined, at: null });
    assert.ok(pulled < 5_000_000, `${pulled} bytes`);
  })));

test("client returns the time of an answer, where the answer has it", () =>
  onVirtualClock(Effect.gen(function* () {
    const dates = [
      ["Sat, 31 Jan 2026 10:00:00 GMT", Date.UTC(2026, 0, 31, 10)],
      ["yesterday", null],
    ] as const;
    for (const [date, at] of dates) {
      const answer = () => Promise.resolve(new Response("{}", { headers: { date } }));
      const reply = yield* open(answer).send(READ);
      assert.equal(reply.accepted ? reply.at : undefined, at);
    }
  })));
