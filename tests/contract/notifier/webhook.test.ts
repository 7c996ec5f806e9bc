import assert from "node:assert/strict";
import { createServer, type IncomingMessage } from "node:http";
import { describe, it } from "node:test";
import * as runner from "node:test";
import { openWebhookNotifier } from "../../../adapters/notifier/webhook.ts";
import { notifierContract, type Receiver, submission } from "../../harness/contract/notifier.ts";

type Received = { readonly request: IncomingMessage; readonly body: string };

const STATUS: Record<Receiver, number> = { accepts: 204, refuses: 500, isSilent: 0, isGone: 0 };

const receive = async (status: number) => {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    received.push({ request, body });
    if (status > 0) response.writeHead(status, { location: "/elsewhere" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${address.port}/secret`, received, close };
};

const open = async (receiver: Receiver) => {
  const { url, close } = await receive(STATUS[receiver]);
  if (receiver === "isGone") await close();
  const notifier = openWebhookNotifier({ url, timeoutMs: 200 });
  return { notifier, close: receiver === "isGone" ? () => Promise.resolve() : close };
};

notifierContract(runner, "webhook", open);

describe("webhook notifier", () => {
  it("announce posts the submission as JSON with its id as idempotency key", async () => {
    const { url, received, close } = await receive(200);
    await openWebhookNotifier({ url }).announce(submission);
    await close();
    const [only] = received;
    assert.ok(only && received.length === 1);
    assert.equal(only.request.method, "POST");
    assert.equal(only.request.headers["idempotency-key"], submission.id);
    assert.equal(only.request.headers["content-type"], "application/json");
    assert.deepEqual(JSON.parse(only.body), {
      type: "verification.submitted",
      text: `Verification ${submission.id} of organization org_1 awaits review.`,
      jobId: `webhook_${submission.id}`,
      submission: { ...submission, submittedAt: "2026-01-31T10:00:00Z" },
    });
  });

  it("announce fails when the receiver redirects", async () => {
    const { url, received, close } = await receive(302);
    const answer = await openWebhookNotifier({ url }).announce(submission);
    await close();
    assert.deepEqual(answer, {
      ok: false,
      error: { message: "the reviewers' webhook answered 302" },
    });
    assert.equal(received.length, 1);
  });
});
