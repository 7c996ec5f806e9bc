/** The sender over the runtime's `fetch`. */
import * as runner from "node:test";
import { openFetchSender } from "../../../adapters/webhooks/fetch.ts";
import type {
  EndpointBehaviour,
  WebhookSenderSubject,
} from "../../harness/contract/webhook-endpoints.ts";
import { webhookSenderContract } from "../../harness/contract/webhook-sender.ts";
import { openEndpoint } from "./endpoint.ts";

const SHORT: readonly EndpointBehaviour[] = ["isSilent", "dripsHeaders"];

const PLACES_EACH = 3;

const open = async (behaviour: EndpointBehaviour): Promise<WebhookSenderSubject> => {
  const isSecure = behaviour === "isUntrusted";
  const endpoint = await openEndpoint(behaviour, { isSecure });
  const { port } = endpoint;
  if (behaviour === "isUnreachable") await endpoint.close();
  return {
    sender: openFetchSender({
      allowsPrivate: true,
      timeoutMs: SHORT.includes(behaviour) ? 2_500 : 20_000,
      placesEach: PLACES_EACH,
      places: 2 * PLACES_EACH,
    }),
    url: `${isSecure ? "https" : "http"}://127.0.0.1:${port}/hook?token=secret`,
    received: () => endpoint.received,
    placesEach: PLACES_EACH,
    patienceMs: 60_000,
    close: async () => {
      if (behaviour !== "isUnreachable") await endpoint.close();
    },
  };
};

webhookSenderContract(runner, "fetch", open, {
  blurs: ["TLS_FAILED", "ANSWER_INVALID"],
  withoutNames: "the platform looks names up and connects, and does not say where to",
});
