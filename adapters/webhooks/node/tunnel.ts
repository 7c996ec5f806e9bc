/** A connection to an endpoint through a proxy (RFC 9110, 9.3.6): the proxy looks up its name. */
import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import tls, { type SecureContextOptions } from "node:tls";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { failed, ok, type Result } from "../../../core/values/result.ts";
import { base64Of } from "../../hash/base64.ts";
import type { Deadline } from "../deadline.ts";
import { type Failure, FAILURES } from "../failures.ts";
import type { Target } from "../target.ts";

/** What proxies answer where the endpoint, and not they, cannot be reached, or is not allowed. */
const OF_ENDPOINT: Readonly<Record<number, Failure>> = {
  403: FAILURES.proxyRefused,
  502: FAILURES.unconnected,
  503: FAILURES.unconnected,
  504: FAILURES.late,
};

/** The user and password of a proxy's URL, as it asks for them. */
const credentialsOf = ({ username, password }: URL): Readonly<Record<string, string>> => {
  if (username === "" && password === "") return {};
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${base64Of(new TextEncoder().encode(text))}` };
};

/** Asks the proxy for a connection to the endpoint; never rejects. */
const connectThrough = (
  proxy: URL,
  { host, port }: Target,
  connectMs: Milliseconds,
  deadline: Deadline,
): Promise<Result<Socket, Failure>> =>
  new Promise((resolve) => {
    const authority = `${host.includes(":") ? `[${host}]` : host}:${port}`;
    const request = (proxy.protocol === "https:" ? https : http).request({
      host: proxy.hostname.replace(/^\[|\]$/g, ""),
      port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
      method: "CONNECT",
      path: authority,
      headers: { host: authority, ...credentialsOf(proxy) },
      setHost: false,
      agent: false,
    });
    const end = (): void => void request.destroy(new Error("late"));
    const patience = setTimeout(end, connectMs);
    const forget = deadline.whenOver(end);
    const finish = (result: Result<Socket, Failure>): void => {
      clearTimeout(patience);
      forget();
      resolve(result);
    };
    request.on("error", () => finish(failed(FAILURES.proxy)));
    request.on("close", () => finish(failed(FAILURES.proxy)));
    request.on("connect", ({ statusCode = 0 }, socket: Socket, head: Uint8Array) => {
      if (statusCode === 200 && head.byteLength === 0) return finish(ok(socket));
      socket.destroy();
      finish(failed(OF_ENDPOINT[statusCode] ?? FAILURES.proxy));
    });
    request.on("response", (answer) => {
      answer.destroy();
      finish(failed(OF_ENDPOINT[answer.statusCode ?? 0] ?? FAILURES.proxy));
    });
    request.end();
  });

/**
 * A connection to the endpoint through the proxy, with TLS inside it where the endpoint has that;
 * the certificate is checked by the one that sends. It has ended where a failure is given.
 */
export const openTunnel = async (
  proxy: URL,
  target: Target,
  options: SecureContextOptions & { readonly servername: string },
  connectMs: Milliseconds,
  deadline: Deadline,
): Promise<Result<Socket, Failure>> => {
  const tunnel = await connectThrough(proxy, target, connectMs, deadline);
  if (!tunnel.ok || !target.isSecure) return tunnel;
  return ok(tls.connect({ ...options, host: target.host, socket: tunnel.value }));
};
