/** What a receiver accepts, and how it refuses everything else. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { keyPairOf, secretOf } from "../../adapters/signatures/derived.ts";
import { openSigners } from "../../adapters/signatures/signers.ts";
import { verify } from "../../adapters/package/webhooks.ts";
import { runs } from "../support/runs.ts";

const NOW = Date.UTC(2026, 0, 31, 10);
const at = { now: () => NOW };

const KEY = Uint8Array.from({ length: 32 }, (_, index) => index);
const SECRET = await secretOf(KEY, "wh_1", 1);
const NEXT = await secretOf(KEY, "wh_1", 2);
const PAIR = await keyPairOf(KEY, "wh_1", 1);

const EVENT = {
  id: "ev_0123456789abcdef0123456789abcdef",
  type: "number.renewed",
  at: "2026-01-31T10:00:00Z",
  organization: "acme",
  subject: "/ledger/numbers/num_1",
  data: { number: "num_1", e164: "+14155550101" },
  cursor: "7-abc",
};

const BODY = JSON.stringify(EVENT);

const signed = (body: string, secrets: readonly [string, ...string[]] = [SECRET], id = EVENT.id) =>
  openSigners(secrets)(id, NOW, body);

const said = (verified: Awaited<ReturnType<typeof verify>>): string =>
  verified.ok ? "accepted" : verified.error.code;

const requestWith = (headers: HeadersInit, body: BodyInit | null = BODY): Request =>
  new Request("https://receiver.example/hook", { method: "POST", headers, body });

describe("a message is accepted", () => {
  it("as a request of Fetch, and as headers and body in any form", async () => {
    const headers = await signed(BODY);
    const bytes = new TextEncoder().encode(BODY);
    const upper = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    for (
      const message of [
        requestWith(headers),
        { headers, body: BODY },
        { headers, body: bytes },
        { headers, body: bytes.buffer },
        { headers: new Headers(headers), body: BODY },
        { headers: upper, body: BODY },
        { headers: { ...headers, "webhook-id": [EVENT.id], accept: undefined }, body: BODY },
      ]
    ) {
      assert.deepEqual(await verify(message, SECRET, at), { ok: true, value: EVENT });
    }
  });

  it("by the old and the new secret, and by the public key", async () => {
    const headers = await signed(BODY, [NEXT, SECRET, PAIR.secret]);
    for (
      const secret of [SECRET, NEXT, PAIR.publicKey, [NEXT, SECRET], [
        "whsec_" + "A".repeat(32),
        NEXT,
      ]]
    ) {
      assert.equal(said(await verify({ headers, body: BODY }, secret, at)), "accepted");
    }
  });

  it("where the official library has signed it now", async () => {
    const now = new Date();
    const headers = {
      "webhook-id": EVENT.id,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1_000)),
      "webhook-signature": new Webhook(SECRET).sign(EVENT.id, now, BODY),
    };
    assert.equal(said(await verify({ headers, body: BODY }, SECRET)), "accepted");
  });

  it("of a type that this version does not know", async () => {
    const body = JSON.stringify({ ...EVENT, type: "number.teleported", data: { to: "Mars" } });
    assert.equal(said(await verify({ headers: await signed(body), body }, SECRET, at)), "accepted");
  });
});

describe("a message is refused", () => {
  it("SIGNATURE_MISSING without one of its headers", async () => {
    const headers = await signed(BODY);
    for (const name of Object.keys(headers)) {
      const { [name]: _, ...rest } = headers as Readonly<Record<string, string>>;
      assert.equal(
        said(await verify({ headers: rest, body: BODY }, SECRET, at)),
        "SIGNATURE_MISSING",
      );
    }
  });

  it("SIGNATURE_INVALID by another secret, or changed in one character", async () => {
    const headers = await signed(BODY);
    assert.equal(said(await verify({ headers, body: BODY }, NEXT, at)), "SIGNATURE_INVALID");
    assert.equal(
      said(await verify({ headers, body: BODY }, PAIR.publicKey, at)),
      "SIGNATURE_INVALID",
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(BODY.length - 1), async (index) => {
        const body = `${BODY.slice(0, index)}~${BODY.slice(index + 1)}`;
        assert.equal(said(await verify({ headers, body }, SECRET, at)), "SIGNATURE_INVALID");
      }),
      { numRuns: runs(100) },
    );
  });

  it("TOO_OLD and TOO_NEW out of the tolerance", async () => {
    const headers = await signed(BODY);
    const message = { headers, body: BODY };
    const later = (ms: number, toleranceMs?: number) =>
      verify(message, SECRET, { now: () => NOW + ms, toleranceMs });
    assert.equal(said(await later(300_001)), "TOO_OLD");
    assert.equal(said(await later(-300_001)), "TOO_NEW");
    assert.equal(said(await later(300_001, 600_000)), "accepted");
    assert.equal(said(await later(2_000, 1_000)), "TOO_OLD");
  });
});

describe("a body is refused", () => {
  it("BODY_TOO_LARGE, of which no more is read than is allowed", async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (stream) => {
        pulled += 1;
        stream.enqueue(new Uint8Array(64 * 1_024));
      },
    });
    const headers = await signed(BODY);
    const request = { headers: new Headers(headers), body: endless, bodyUsed: false };
    const verified = await verify(request as unknown as Request, SECRET, at);
    assert.equal(said(verified), "BODY_TOO_LARGE");
    assert.ok(pulled <= 8, `${pulled} parts were read`);
    for (const body of [BODY, new TextEncoder().encode(BODY)]) {
      const options = { ...at, maxBytes: BODY.length - 1 };
      assert.equal(said(await verify({ headers, body }, SECRET, options)), "BODY_TOO_LARGE");
    }
  });

  it("BODY_UNREADABLE once it was read, where it was parsed, and where it breaks off", async () => {
    const headers = await signed(BODY);
    const used = requestWith(headers);
    await used.text();
    assert.equal(said(await verify(used, SECRET, at)), "BODY_UNREADABLE");
    const parsed = { headers, body: EVENT as unknown as string };
    assert.equal(said(await verify(parsed, SECRET, at)), "BODY_UNREADABLE");
    const broken = new ReadableStream<Uint8Array>({
      pull: (stream) => stream.error(new Error("the connection was reset")),
    });
    const request = { headers: new Headers(headers), body: broken, bodyUsed: false };
    assert.equal(said(await verify(request as unknown as Request, SECRET, at)), "BODY_UNREADABLE");
  });
});

describe("a signed message is refused", () => {
  it("NOT_AN_EVENT where it is something else", async () => {
    for (
      const body of [
        "",
        "not JSON",
        "null",
        "[]",
        "{}",
        JSON.stringify({ ...EVENT, data: null }),
        JSON.stringify({ ...EVENT, type: 7 }),
        JSON.stringify({ ...EVENT, organization: "" }),
        JSON.stringify({ ...EVENT, cursor: 7 }),
        JSON.stringify({ ...EVENT, id: "ev_other" }),
      ]
    ) {
      const headers = await signed(body);
      assert.equal(said(await verify({ headers, body }, SECRET, at)), "NOT_AN_EVENT", body);
    }
    const request = requestWith(await signed(""), null);
    assert.equal(said(await verify(request, SECRET, at)), "NOT_AN_EVENT");
  });

  it("with a code and a sentence, and never by an exception, whatever it is", async () => {
    const value = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constant(undefined),
      fc.array(fc.string()),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.record({ "webhook-id": value, "webhook-timestamp": value, "webhook-signature": value }),
        fc.oneof(fc.string({ unit: "binary" }), fc.uint8Array(), fc.json()),
        async (headers, body) => {
          const verified = await verify({ headers, body }, [SECRET, PAIR.publicKey], at);
          assert.ok(!verified.ok);
          assert.match(verified.error.code, /^[A-Z_]+$/);
          assert.match(
            verified.error.message,
            /^the .{10,}|^a message .{10,}|^no signature .{10,}/,
          );
        },
      ),
      { numRuns: runs(500) },
    );
  });
});

describe("a secret", () => {
  it("that is none is the program's mistake, and is not shown", async () => {
    const headers = await signed(BODY);
    for (
      const secret of ["", "hunter2", "whsec_", "whpk_short", PAIR.secret, [], [SECRET, "hunter2"]]
    ) {
      await assert.rejects(verify({ headers, body: BODY }, secret, at), (error: unknown) => {
        assert.ok(error instanceof Error && error.name === "InvalidArgument");
        assert.match(error.message, /^secret must be /);
        assert.doesNotMatch(error.message, /hunter2/);
        return true;
      });
    }
  });
});
