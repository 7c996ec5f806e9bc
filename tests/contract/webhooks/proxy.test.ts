/** Messages through a proxy. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { describe, it } from "node:test";
import { openWebhookSender } from "../../../adapters/webhooks/node/sender.ts";
import type { EndpointBehaviour } from "../../harness/contract/webhook-endpoints.ts";
import { CERTIFICATE } from "./certificate.ts";
import { openEndpoint } from "./endpoint.ts";

/** What the proxy does with a request for a connection. */
type ProxyBehaviour = "connects" | "hangs" | "drops" | number;

/** A proxy that leads every name to this port of this machine. */
const openProxy = async (behaviour: ProxyBehaviour, port: number) => {
  const asked: { readonly authority: string; readonly credentials: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  server.on("connect", ({ url = "", headers }, socket: Socket) => {
    asked.push({ authority: url, credentials: headers["proxy-authorization"] });
    socket.on("error", () => {});
    if (behaviour === "hangs") return;
    if (behaviour === "drops") return void socket.destroy();
    if (behaviour !== "connects") {
      return void socket.end(`HTTP/1.1 ${behaviour} Any\r\ncontent-length: 0\r\n\r\n`);
    }
    const onwards = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Any\r\n\r\n");
      socket.pipe(onwards).pipe(socket);
    });
    sockets.add(onwards);
    onwards.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { port: address.port, asked, close };
};

const sendThrough = async (
  proxied: ProxyBehaviour,
  behaviour: EndpointBehaviour = "accepts",
  { credentials = "", host = "hooks.example", authorities = CERTIFICATE, isAway = false } = {},
) => {
  const endpoint = await openEndpoint(behaviour, { isSecure: true });
  const proxy = await openProxy(proxied, endpoint.port);
  if (isAway) await proxy.close();
  let lookUps = 0;
  const sender = openWebhookSender({
    proxy: `http://${credentials}127.0.0.1:${proxy.port}`,
    authorities,
    timeoutMs: proxied === "hangs" || behaviour === "isSilent" ? 2_000 : 20_000,
    resolve: () => {
      lookUps += 1;
      return Promise.resolve(["127.0.0.1"]);
    },
  });
  const outcome = await sender.send({
    endpoint: "wh_1",
    url: `https://${host}/hook?token=secret`,
    headers: { "webhook-id": "ev_1" },
    body: "{}",
  });
  sender.close();
  if (!isAway) await proxy.close();
  await endpoint.close();
  const said = outcome.ok ? outcome.value.status : outcome.error.code;
  return { said, asked: proxy.asked, received: endpoint.received.length, lookUps };
};

describe("through a proxy", () => {
  it("a message reaches its endpoint over TLS, and its name is looked up by the proxy", async () => {
    assert.deepEqual(await sendThrough("connects"), {
      said: 200,
      asked: [{ authority: "hooks.example:443", credentials: undefined }],
      received: 1,
      lookUps: 0,
    });
  });

  it("the proxy is told a user and a password where its URL has them", async () => {
    const { said, asked: [only] } = await sendThrough("connects", "accepts", {
      credentials: "user:p%40ss@",
    });
    assert.deepEqual([said, only?.credentials], [200, `Basic ${btoa("user:p@ss")}`]);
  });

  it("a proxy whose password cannot be read is refused before anything is sent", () => {
    assert.throws(() => openWebhookSender({ proxy: "http://user:100%@proxy.example" }), {
      message: "options.proxy must have what is odd in its password percent-encoded",
    });
  });

  it("a host that is a private address is refused, and the proxy is not asked", async () => {
    for (const host of ["127.0.0.1", "[::1]", "0xa9fea9fe", "localhost", "metadata.internal"]) {
      const { said, asked } = await sendThrough("connects", "accepts", { host });
      assert.deepEqual([said, asked], ["ADDRESS_REFUSED", []]);
    }
  });

  it("what the endpoint does has the same outcome as without", async () => {
    for (
      const [behaviour, expected] of [
        ["refuses", 500],
        ["redirects", 302],
        ["neverEnds", 200],
        ["losesAnswer", "UNREACHABLE"],
        ["speaksNonsense", "ANSWER_INVALID"],
        ["isSilent", "TIMED_OUT"],
      ] as const
    ) {
      const { said } = await sendThrough("connects", behaviour);
      assert.equal(said, expected, behaviour);
    }
  });

  it("an endpoint whose certificate nobody vouches for is sent nothing", async () => {
    const { said, received } = await sendThrough("connects", "accepts", { host: "other.example" });
    assert.deepEqual([said, received], ["TLS_FAILED", 0]);
  });

  it("what the proxy answers is told from what the endpoint does", async () => {
    for (
      const [proxied, expected] of [
        [403, "ADDRESS_REFUSED"],
        [407, "PROXY_FAILED"],
        [502, "UNREACHABLE"],
        [504, "TIMED_OUT"],
        [500, "PROXY_FAILED"],
        ["drops", "PROXY_FAILED"],
        ["hangs", "PROXY_FAILED"],
      ] as const
    ) {
      const { said, received } = await sendThrough(proxied);
      assert.deepEqual([said, received], [expected, 0], String(proxied));
    }
    const { said } = await sendThrough("connects", "accepts", { isAway: true });
    assert.equal(said, "PROXY_FAILED");
  });
});
