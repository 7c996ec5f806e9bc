/** The emulator behind a socket, for clients that want a real one. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Telnyx } from "../harness/emulators/telnyx/mod.ts";

const asRequest = async (asked: IncomingMessage): Promise<Request> => {
  const { method = "GET", url = "/", headers } = asked;
  const body = await text(asked);
  return new Request(`http://localhost${url}`, {
    method,
    headers: { authorization: headers.authorization ?? "" },
    ...(body !== "" && { body }),
  });
};

const answerWith = async (telnyx: Telnyx, asked: IncomingMessage, reply: ServerResponse) => {
  const response = await telnyx.fetch(await asRequest(asked));
  reply.writeHead(response.status, Object.fromEntries(response.headers));
  for await (const chunk of response.body ?? []) reply.write(chunk);
  reply.end();
};

/** Listens on a free port of this machine. A fault that breaks the connection breaks the socket. */
export const serveTelnyx = async (
  telnyx: Telnyx,
): Promise<{ readonly baseUrl: string; readonly close: () => Promise<void> }> => {
  const server = createServer((asked, reply) => {
    answerWith(telnyx, asked, reply).catch(() => asked.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v2`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
