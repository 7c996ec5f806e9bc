/** The sender of Node and Deno, over TLS, with a resolver of the test's. */
import * as runner from "node:test";
import { openWebhookSender, type SenderOptions } from "../../../adapters/webhooks/node/sender.ts";
import type {
  EndpointBehaviour,
  NamedAddress,
  NamedSenderSubject,
  WebhookSenderSubject,
} from "../../harness/contract/webhook-endpoints.ts";
import { webhookSenderContract } from "../../harness/contract/webhook-sender.ts";
import { CERTIFICATE } from "./certificate.ts";
import { type Endpoint, openEndpoint } from "./endpoint.ts";

/** Of this machine all; the sender takes the first for public, and no other. */
const ADDRESSES: Readonly<Record<NamedAddress, string>> = {
  allowed: "127.0.0.1",
  refused: "127.0.0.2",
  dead: "127.0.0.3",
};

/** Where there is no answer the time limit is short, and still enough for a busy machine. */
const SHORT: readonly EndpointBehaviour[] = ["isSilent", "dripsHeaders"];

const PLACES_EACH = 3;

const optionsFor = ({ port }: Endpoint): SenderOptions => ({
  ports: [port],
  isAllowed: (address) => address !== ADDRESSES.refused,
  resolve: () => Promise.resolve([ADDRESSES.allowed]),
  authorities: CERTIFICATE,
  placesEach: PLACES_EACH,
  keepsNamesMs: 0,
});

const urlOf = ({ port }: Endpoint, host = "hooks.example"): string =>
  `https://${host}:${port}/hook?token=secret`;

const open = async (behaviour: EndpointBehaviour): Promise<WebhookSenderSubject> => {
  const endpoint = await openEndpoint(behaviour, { isSecure: true });
  if (behaviour === "isUnreachable") await endpoint.close();
  const sender = openWebhookSender({
    ...optionsFor(endpoint),
    ...(behaviour === "isUntrusted" && { authorities: undefined }),
    timeoutMs: SHORT.includes(behaviour) ? 2_500 : 20_000,
  });
  return {
    sender,
    url: urlOf(endpoint),
    received: () => endpoint.received,
    placesEach: PLACES_EACH,
    patienceMs: 60_000,
    close: async () => {
      sender.close();
      if (behaviour !== "isUnreachable") await endpoint.close();
    },
  };
};

const openNamed = async (
  lists: readonly (readonly NamedAddress[])[],
): Promise<NamedSenderSubject> => {
  const allowed = await openEndpoint("accepts", { isSecure: true });
  const { port } = allowed;
  const refused = await openEndpoint("accepts", { isSecure: true, host: ADDRESSES.refused, port });
  let lookUps = 0;
  const sender = openWebhookSender({
    ...optionsFor(allowed),
    resolve: () => {
      const list = lists[Math.min(lookUps, lists.length - 1)] ?? [];
      lookUps += 1;
      return Promise.resolve(list.map((address) => ADDRESSES[address]));
    },
  });
  return {
    sender,
    url: urlOf(allowed),
    lookUps: () => lookUps,
    atAllowed: () => allowed.received.length,
    atRefused: () => refused.connections(),
    close: async () => {
      sender.close();
      await Promise.all([allowed.close(), refused.close()]);
    },
  };
};

webhookSenderContract(runner, "node", open, { openNamed });
