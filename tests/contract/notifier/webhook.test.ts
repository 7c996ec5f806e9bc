import assert from "node:assert/strict";
import { createServer, type IncomingMessage } from "node:http";
import { describe, it } from "node:test";
import * as runner from "node:test";
import { Webhook } from "standardwebhooks";
import { openWebhookNotifier } from "../../../adapters/notifier/webhook.ts";
import {
  type Delivery,
  notifierContract,
  type NotifierSubject,
  type Receiver,
  submission,
} from "../../harness/contract/notifier.ts";

type Received = { readonly request: IncomingMessage; readonly body: string };

/** What the receiver answers: a status, nothing at all, or the end of the connection. */
const STATUS: Record<Receiver, number | "nothing" | "cut"> = {
  accepts: 204,
  refuses: 500,
  asksForLess: 429,
  redirects: 302,
  isSilent: "nothing",
  losesAnswer: "cut",
  isUnreachable: "nothing",
};

const SECRET = `whsec_${btoa("0123456789abcdef0123456789abcdef")}`;

const receive = async (status: (typeof STATUS)[Receiver]) => {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    received.push({ request, body });
    if (status === "cut") request.socket.destroy();
    else if (status !== "nothing") response.writeHead(status, { location: "/elsewhere" }).end();
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

const isSigned = (body: string, headers: IncomingMessage["headers"]): boolean => {
  try {
    new Webhook(SECRET).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
};

const deliveryOf = ({ request: { headers }, body }: Received): Delivery => ({
  key: String(headers["idempotency-key"] ?? ""),
  text: body,
  isGenuine: isSigned(body, headers),
});

const open = async (receiver: Receiver): Promise<NotifierSubject> => {
  const { url, received, close } = await receive(STATUS[receiver]);
  if (receiver === "isUnreachable") await close();
  // Short only where nothing answers: the machine may be busy.
  const timeoutMs = receiver === "isSilent" ? 200 : 20_000;
  return {
    notifier: openWebhookNotifier({ url, secret: SECRET, timeoutMs }),
    received: () => received.map(deliveryOf),
    secrets: [SECRET, url],
    // Longer than the time limit of a busy machine.
    patienceMs: 30_000,
    close: receiver === "isUnreachable" ? () => Promise.resolve() : close,
  };
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

  it("announce signs as Standard Webhooks has it, under one id whenever it is repeated", async () => {
    const { url, received, close } = await receive(200);
    const notifier = openWebhookNotifier({ url, secret: SECRET });
    await notifier.announce(submission);
    await notifier.announce(submission);
    await close();
    const judge = new Webhook(SECRET);
    const ids = received.map(({ request, body }) => {
      const headers = request.headers as Record<string, string>;
      assert.deepEqual(judge.verify(body, headers), JSON.parse(body));
      assert.throws(() => judge.verify(body.replace("submitted", "approved"), headers));
      assert.throws(() => new Webhook(`whsec_${btoa("x".repeat(32))}`).verify(body, headers));
      return headers["webhook-id"];
    });
    assert.deepEqual(ids, [`webhook_${submission.id}`, `webhook_${submission.id}`]);
  });

  it("is not opened with an invalid secret, and reveals nothing of it", () => {
    for (
      const secret of ["", "hunter2", "whsec_", `whsec_${btoa("too short")}`, "whsec_=".repeat(9)]
    ) {
      assert.throws(
        () => openWebhookNotifier({ url: "http://localhost/", secret }),
        {
          name: "InvalidArgument",
          message: "options.secret must be whsec_ and 24 to 64 bytes in base64",
        },
      );
    }
  });
});
