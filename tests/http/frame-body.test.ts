import { MAX_DEPTH } from "../../adapters/validation/bounds.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { unfitText } from "../../core/values/text.ts";
import { bodyOf, MAX_BODY_BYTES } from "../../http/body.ts";
import { runs } from "../support/runs.ts";

const LONG_MS = 60_000;

const readJson = (request: Request) => bodyOf(request, LONG_MS).json();

type Source = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>;

const post = (body: Source | null, headers: Record<string, string> = {}): Request => {
  // Node requires half duplex with a stream; the web's types lack it.
  const init = { method: "POST", headers, body, duplex: "half" };
  return new Request("http://localhost/", init as RequestInit);
};

const JSON_TYPE = { "content-type": "application/json" };

const statusOf = async (request: Request): Promise<number | "ok"> => {
  const outcome = await readJson(request);
  return outcome.ok ? "ok" : outcome.error.status;
};

/** A body that never ends, and how much of it was asked for. */
const endless = (chunk: number) => {
  const asked = { bytes: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => {
      asked.bytes += chunk;
      controller.enqueue(new Uint8Array(chunk).fill(0x20));
    },
    cancel: () => {
      asked.cancelled = true;
    },
  });
  return { stream, asked };
};

test("readJson gives what was written when the body is any JSON", () =>
  fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 8 }), async (value) => {
      const text = JSON.stringify(value);
      assert.deepEqual(await readJson(post(text, JSON_TYPE)), {
        ok: true,
        value: JSON.parse(text),
      });
    }),
    { numRuns: runs(100) },
  ));

test("readJson answers 415 when the content type is another, absent, or compressed", async () => {
  const types = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/jsonp",
    "json",
    "",
  ];
  for (const type of types) {
    assert.equal(await statusOf(post("{}", { "content-type": type })), 415, type);
  }
  const bytes = new TextEncoder().encode("{}");
  assert.equal(await statusOf(post(bytes)), 415);
  assert.equal(await statusOf(post("{}", { ...JSON_TYPE, "content-encoding": "gzip" })), 415);
});

test("readJson takes JSON when its type has parameters, capitals or a suffix", async () => {
  const types = ["application/json; charset=utf-8", "Application/JSON", "application/ld+json"];
  for (const type of types) {
    assert.equal(await statusOf(post("{}", { "content-type": type })), "ok", type);
  }
});

test("readJson takes 64 KiB and answers 413 when there is one byte more", async () => {
  const exactly = `"${"x".repeat(MAX_BODY_BYTES - 2)}"`;
  assert.equal(await statusOf(post(exactly, JSON_TYPE)), "ok");
  assert.equal(await statusOf(post(`${exactly} `, JSON_TYPE)), 413);
});

test("readJson stops at the limit when the length is absent or a lie", async () => {
  for (const headers of [JSON_TYPE, { ...JSON_TYPE, "content-length": "2" }]) {
    const { stream, asked } = endless(1024);
    assert.equal(await statusOf(post(stream, headers)), 413);
    assert.ok(asked.bytes <= MAX_BODY_BYTES + 4 * 1024, `${asked.bytes} bytes were read`);
    assert.equal(asked.cancelled, true);
  }
});

test("readJson answers 413 without reading when the length says so", async () => {
  const { stream, asked } = endless(16);
  const headers = { ...JSON_TYPE, "content-length": String(MAX_BODY_BYTES + 1) };
  assert.equal(await statusOf(post(stream, headers)), 413);
  assert.ok(asked.bytes <= 16);
});

test("readJson answers 400 when the body is missing, not JSON, not UTF-8, or ends early", async () => {
  assert.equal(await statusOf(post(null)), 400);
  for (const text of ["", " ", "{", "undefined", "{'a':1}", "[1,]", "NaN", "{}{}"]) {
    assert.equal(await statusOf(post(text, JSON_TYPE)), 400, text);
  }
  assert.equal(await statusOf(post(new Uint8Array([0x22, 0xff, 0x22]), JSON_TYPE)), 400);
  const broken = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.error(new Error("the client went away")),
  });
  assert.equal(await statusOf(post(broken, JSON_TYPE)), 400);
});

test("readJson answers 400 when the body is nested deeper than can be written again", async () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  assert.equal(await statusOf(post(nested(MAX_DEPTH), JSON_TYPE)), "ok");
  assert.equal(await statusOf(post(nested(MAX_DEPTH + 1), JSON_TYPE)), 400);
  assert.equal(await statusOf(post(nested(MAX_BODY_BYTES / 2), JSON_TYPE)), 400);
});

test("unfitText names the path when a text or key holds NUL or a lone surrogate", () => {
  assert.equal(unfitText({ a: [1, { b: "fine \u{1f600}" }], c: null }), null);
  assert.equal(unfitText({ a: [1, { b: "\0" }] }), "a.1.b");
  assert.equal(unfitText({ a: "x\ud800" }), "a");
  assert.equal(unfitText({ a: { "\udc00": 1 } }), "a");
  assert.equal(unfitText("\0"), "");
});
