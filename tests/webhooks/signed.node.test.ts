/** What is signed, derived, verified and consumed is the same on workerd as here. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Miniflare } from "miniflare";
import { bundle } from "../package/bundling.ts";
import { ROOT } from "../tidy/command.ts";

const STORY = `
  import { keyPairOf, secretOf } from "./adapters/signatures/derived.ts";
  import { openSigners } from "./adapters/signatures/signers.ts";
  import { consume, openMemoryPositions, verify } from "./adapters/package/webhooks.ts";
  import { verifierOf, verifySignature } from "./adapters/signatures/verification.ts";

  export const story = async () => {
    const root = Uint8Array.from({ length: 32 }, (_, at) => at);
    const old = await secretOf(root, "wh_1", 1);
    const secret = await secretOf(root, "wh_1", 2);
    const pair = await keyPairOf(root, "wh_1", 2);
    const now = 1_769_853_600_000;
    const headers = await openSigners([secret, old, pair.secret])("ev_1", now, "{}");
    const signature = headers["webhook-signature"];
    const answers = [];
    for (const one of [old, secret, pair.publicKey, await secretOf(root, "wh_2", 1)]) {
      const given = { id: "ev_1", timestamp: headers["webhook-timestamp"], signature };
      const verifiers = [verifierOf(one)];
      const when = { now, toleranceMs: 300_000 };
      const answer = await verifySignature(given, new Uint8Array([123, 125]), verifiers, when);
      answers.push(answer.ok ? "accepted" : answer.error.code);
    }
    return JSON.stringify({ headers, pair, answers, received: await received(old, pair) });
  };

  const EVENT = {
    id: "ev_1", type: "number.renewed", at: "2026-01-31T10:00:00Z", organization: "acme",
    subject: "/ledger/numbers/num_1", data: {}, cursor: "7-abc",
  };

  const received = async (secret, pair) => {
    const body = JSON.stringify(EVENT);
    const headers = await openSigners([secret, pair.secret])(EVENT.id, Date.now(), body);
    const handle = consume(openMemoryPositions(), () => {});
    const answers = [];
    for (const one of [secret, pair.publicKey]) {
      const request = new Request("http://a.example", { method: "POST", headers, body });
      const event = await verify(request, one);
      answers.push(event.ok ? await handle(event.value) : event.error.code);
    }
    const changed = { headers, body: body.replace("acme", "evil") };
    const refused = await verify(changed, [secret, pair.publicKey]);
    return [...answers, refused.ok ? "accepted" : refused.error.code];
  };

  export default { fetch: async () => new Response(await story()) };`;

test("workerd signs, derives, verifies and consumes as Node does", async () => {
  const { files: [file] } = await bundle({
    stdin: { contents: STORY, resolveDir: ROOT },
    write: false,
  });
  assert.ok(file);
  const here: { readonly story: () => Promise<string> } = await import(
    `data:text/javascript;base64,${Buffer.from(file.contents).toString("base64")}`
  );
  const options = { modules: true, script: file.text, compatibilityDate: "2024-01-01" } as const;
  const miniflare = new Miniflare(options);
  try {
    const answer = await (await miniflare.dispatchFetch("http://edge/")).text();
    assert.equal(answer, await here.story());
    const { answers, received } = JSON.parse(answer);
    assert.deepEqual(answers, ["accepted", "accepted", "accepted", "SIGNATURE_INVALID"]);
    assert.deepEqual(received, ["handled", "repeated", "SIGNATURE_INVALID"]);
  } finally {
    await miniflare.dispose();
  }
});
