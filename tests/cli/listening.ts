/** Servers of the tests' own, which answer whatever a test wants. */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A server on this machine; `close` ends it, whatever it is still answering. */
export const listening = async (
  answer: RequestListener,
): Promise<{ readonly url: string; readonly close: () => void }> => {
  const server = createServer(answer);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, close };
};
