/** Signatures of Standard Webhooks: ours and the official library's, each by the other. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { keyPairOf, secretOf } from "../../adapters/signatures/derived.ts";
import { keyPairOfSeed } from "../../adapters/signatures/ed25519.ts";
import { openSigner } from "../../adapters/signatures/signer.ts";
import { openSigners } from "../../adapters/signatures/signers.ts";
import { verifierOf, verifySignature } from "../../adapters/signatures/verification.ts";
import { runs } from "../support/runs.ts";

const NOW = Date.UTC(2026, 0, 31, 10);
const MINUTE = 60_000;

/** What Svix has published to check implementations by: one message, by both schemes. */
const PUBLISHED = {
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  at: 1_614_265_330_000,
  body: `{"test": 2432232314}`,
  secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  v1: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  secretKey:
    "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==",
  publicKey: "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=",
  v1a:
    "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==",
} as const;

// Receivers keep these: what derives others instead turns every message away.
const SECRET_OF_ROOT_0 = "whsec_A94zcspOwJLsMECp9V0fa7z7pldWYvBH421gkkTM3W8=";
const PUBLIC_KEY_OF_ROOT_0 = "whpk_YuXz646IBjIsbUnCZepnRzA45omgmztWtYgZHmntKp4=";

const root = (first: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: 32 }, (_, at) => (first + at) % 256);

const secretFor = (name: string): Promise<string> => secretOf(root(1), name, 1);

type Headers = Readonly<Record<string, string>>;

const judge = (
  headers: Headers,
  body: string | Uint8Array,
  secrets: readonly string[],
  now: number,
) =>
  verifySignature(
    {
      id: headers["webhook-id"] ?? null,
      timestamp: headers["webhook-timestamp"] ?? null,
      signature: headers["webhook-signature"] ?? null,
    },
    typeof body === "string" ? new TextEncoder().encode(body) : body,
    secrets.flatMap((secret) => verifierOf(secret) ?? []),
    { now },
  );

const codeOf = async (judged: ReturnType<typeof judge>): Promise<string> => {
  const result = await judged;
  return result.ok ? "accepted" : result.error.code;
};

/** How the official library finds a message of now. */
const official = (secret: string, body: string, headers: Headers): unknown => {
  try {
    return new Webhook(secret).verify(body, { ...headers });
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
};

describe("the published message", () => {
  const { id, at, body } = PUBLISHED;

  it("has the published signatures when we sign it", async () => {
    const sign = openSigners([PUBLISHED.secret, PUBLISHED.secretKey]);
    const headers = await sign(id, at, body);
    assert.deepEqual(headers, {
      "webhook-id": id,
      "webhook-timestamp": "1614265330",
      "webhook-signature": `${PUBLISHED.v1} ${PUBLISHED.v1a}`,
    });
  });

  it("is accepted by the secret, by the public key, and by no other", async () => {
    const other = await keyPairOf(root(1), "wh_1", 1);
    for (
      const [signature, good, bad] of [
        [PUBLISHED.v1, PUBLISHED.secret, await secretFor("other")],
        [PUBLISHED.v1a, PUBLISHED.publicKey, other.publicKey],
      ] as const
    ) {
      const headers = {
        "webhook-id": id,
        "webhook-timestamp": "1614265330",
        "webhook-signature": signature,
      };
      assert.deepEqual(await judge(headers, body, [good], at), { ok: true, value: { id, at } });
      assert.equal(await codeOf(judge(headers, body, [bad], at)), "SIGNATURE_INVALID");
      assert.equal(await codeOf(judge(headers, body, [bad, good], at)), "accepted");
    }
  });

  it("has the published public key behind its seed", async () => {
    const bytes = Uint8Array.from(atob(PUBLISHED.secretKey.slice(5)), (c) => c.charCodeAt(0));
    assert.deepEqual(await keyPairOfSeed(bytes.slice(0, 32)), {
      secret: PUBLISHED.secretKey,
      publicKey: PUBLISHED.publicKey,
    });
  });
});

describe("any message", () => {
  const ids = fc.stringMatching(/^[a-z0-9_-]{1,40}$/);
  const bodies = fc.string({ unit: "grapheme" }).map((text) => JSON.stringify({ text }));

  it("that we sign is accepted by the official library and by us, changed it is not", async () => {
    await fc.assert(
      fc.asyncProperty(ids, bodies, ids, async (id, body, name) => {
        const now = Date.now();
        const secret = await secretFor(name);
        const headers = await openSigner(secret)(id, now, body);
        assert.deepEqual(official(secret, body, headers), JSON.parse(body));
        assert.equal(await codeOf(judge(headers, body, [secret], now)), "accepted");
        for (
          const [changedHeaders, changedBody] of [
            [headers, `${body} `],
            [{ ...headers, "webhook-id": `${id}x` }, body],
            [{ ...headers, "webhook-timestamp": String(Math.floor(now / 1_000) - 1) }, body],
          ] as const
        ) {
          const found = await codeOf(judge(changedHeaders, changedBody, [secret], now));
          assert.equal(found, "SIGNATURE_INVALID");
          assert.equal(
            official(secret, changedBody, changedHeaders),
            "No matching signature found",
          );
        }
      }),
      { numRuns: runs(200) },
    );
  });

  it("that the official library signs is accepted by us", async () => {
    await fc.assert(
      fc.asyncProperty(ids, bodies, async (id, body) => {
        const secret = await secretFor(id);
        const headers = {
          "webhook-id": id,
          "webhook-timestamp": String(NOW / 1_000),
          "webhook-signature": new Webhook(secret).sign(id, new Date(NOW), body),
        };
        assert.equal(await codeOf(judge(headers, body, [secret], NOW)), "accepted");
      }),
      { numRuns: runs(200) },
    );
  });
});

describe("Svix's rules", () => {
  const body = `{"type":"number.purchased"}`;

  it("a message is accepted for five minutes before and after its time", async () => {
    const secret = await secretFor("wh_1");
    const headers = await openSigner(secret)("ev_1", NOW, body);
    const found: Record<string, string> = {};
    for (
      const [name, now] of [
        ["five minutes later", NOW + 5 * MINUTE],
        ["after that", NOW + 5 * MINUTE + 1],
        ["five minutes earlier", NOW - 5 * MINUTE],
        ["before that", NOW - 5 * MINUTE - 1],
      ] as const
    ) {
      found[name] = await codeOf(judge(headers, body, [secret], now));
    }
    assert.deepEqual(found, {
      "five minutes later": "accepted",
      "after that": "TOO_OLD",
      "five minutes earlier": "accepted",
      "before that": "TOO_NEW",
    });
    assert.equal(official(secret, body, headers), "Message timestamp too old");
  });

  it("while secrets are rotated, receivers with the old and with the new accept", async () => {
    const [old, next, other] = [await secretFor("a"), await secretFor("b"), await secretFor("c")];
    const now = Date.now();
    const headers = await openSigners([next, old])("ev_1", now, body);
    assert.match(headers["webhook-signature"], /^v1,[^ ]{44} v1,[^ ]{44}$/);
    for (const secret of [old, next]) {
      assert.deepEqual(official(secret, body, headers), JSON.parse(body));
      assert.equal(await codeOf(judge(headers, body, [secret], now)), "accepted");
    }
    assert.equal(official(other, body, headers), "No matching signature found");
    assert.equal(await codeOf(judge(headers, body, [other], now)), "SIGNATURE_INVALID");
  });
});

describe("what is not a signature of the message", () => {
  const body = `{"type":"number.purchased"}`;

  it("signatures of unknown versions are passed over", async () => {
    const secret = await secretFor("wh_1");
    const headers = await openSigner(secret)("ev_1", NOW, body);
    const signature = headers["webhook-signature"];
    const wrapped = { ...headers, "webhook-signature": `v2,abc v1 ${signature} v9,x` };
    assert.equal(await codeOf(judge(wrapped, body, [secret], NOW)), "accepted");
    const renamed = { ...headers, "webhook-signature": signature.replace("v1,", "v2,") };
    assert.equal(await codeOf(judge(renamed, body, [secret], NOW)), "SIGNATURE_INVALID");
  });

  it("a signature of one scheme is never accepted as one of the other", async () => {
    const { secret, publicKey } = await keyPairOf(root(1), "wh_1", 1);
    // What everybody knows, the public key, must not work as a secret of HMAC.
    const forged = await openSigner(publicKey.replace("whpk_", "whsec_"))("ev_1", NOW, body);
    assert.equal(await codeOf(judge(forged, body, [publicKey], NOW)), "SIGNATURE_INVALID");
    const genuine = await openSigners([secret])("ev_1", NOW, body);
    assert.equal(await codeOf(judge(genuine, body, [publicKey], NOW)), "accepted");
    const asHmac = {
      ...genuine,
      "webhook-signature": genuine["webhook-signature"].replace("v1a,", "v1,"),
    };
    assert.equal(await codeOf(judge(asHmac, body, [publicKey], NOW)), "SIGNATURE_INVALID");
  });

  it("headers that are missing, empty or malformed are refused", async () => {
    const secret = await secretFor("wh_1");
    const headers = await openSigner(secret)("ev_1", NOW, body);
    for (const name of Object.keys(headers)) {
      for (const value of [undefined, ""]) {
        const { [name]: _, ...rest } = headers as Headers;
        const given = value === undefined ? rest : { ...rest, [name]: value };
        assert.equal(await codeOf(judge(given, body, [secret], NOW)), "SIGNATURE_MISSING");
      }
    }
    for (
      const [name, value] of [
        ["webhook-id", "ev.1"],
        ["webhook-id", "x".repeat(257)],
        ["webhook-timestamp", `${NOW / 1_000}.0`],
        ["webhook-timestamp", "-1"],
        ["webhook-timestamp", "1e9"],
        ["webhook-signature", "v1,"],
        ["webhook-signature", "v1,%%%"],
        ["webhook-signature", `${"v1,x ".repeat(10_000)}${headers["webhook-signature"]}`],
      ] as const
    ) {
      const found = await codeOf(judge({ ...headers, [name]: value }, body, [secret], NOW));
      assert.equal(found, "SIGNATURE_INVALID", `${name}: ${value.slice(0, 20)}`);
    }
  });

  it("a full stop cannot be moved from the body into the id", async () => {
    const secret = await secretFor("wh_1");
    const headers = await openSigner(secret)("ev_1.1", NOW, body);
    assert.equal(await codeOf(judge(headers, body, [secret], NOW)), "SIGNATURE_INVALID");
  });
});

describe("derived secrets", () => {
  it("are always the same, and 32 bytes: nothing has to be stored", async () => {
    const secret = await secretOf(root(0), "wh_1", 1);
    const pair = await keyPairOf(root(0), "wh_1", 1);
    assert.equal(secret, SECRET_OF_ROOT_0);
    assert.equal(pair.publicKey, PUBLIC_KEY_OF_ROOT_0);
  });

  it("differ for any other key, endpoint, generation and scheme", async () => {
    const secrets = new Set<string>();
    let count = 0;
    for (const key of [root(0), root(1), Uint8Array.of(...root(0), 0)]) {
      for (const endpoint of ["wh_1", "wh_11", "1 wh_1", ""]) {
        for (const generation of [1, 11, 2]) {
          secrets.add((await secretOf(key, endpoint, generation)).slice(6));
          secrets.add((await keyPairOf(key, endpoint, generation)).secret.slice(5, 47));
          count += 2;
        }
      }
    }
    assert.equal(secrets.size, count);
  });

  it("are refused for a key that is too short to be one", async () => {
    await assert.rejects(secretOf(new Uint8Array(31), "wh_1", 1), RangeError);
    await assert.rejects(secretOf(root(0), "wh_1", 1.5), RangeError);
  });
});
