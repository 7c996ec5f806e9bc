/** The key that secrets of webhooks follow from, and what messages to an endpoint are sent with. */
import type { Clock, Deliveries, WebhookSender } from "../../../core/ports/mod.ts";
import { openRecent } from "../../../core/values/recent.ts";
import type { WebhookEndpoint } from "../../../core/webhooks/state.ts";
import { bytesOfBase64 } from "../../hash/base64.ts";
import { keyPairOf, secretOf } from "../../signatures/derived.ts";
import type { Signer } from "../../signatures/signer.ts";
import { openSigners } from "../../signatures/signers.ts";
import type { Sending } from "./message.ts";

/** As many endpoints' signers as are remembered. */
const MAX_SIGNERS = 2_000;

/** What an endpoint is sent with, by the endpoint. */
export type SendingFor = (endpoint: WebhookEndpoint) => Promise<Sending>;

/** What it is made of. */
export type SendingParts = {
  readonly sender: WebhookSender;
  readonly deliveries: Deliveries;
  readonly clock: Clock;
  /** In base64; the log's own by default. */
  readonly key?: string | undefined;
};

/** Signs for each endpoint by the secrets that it has now: for a while, by two. */
export const openSending = ({ sender, deliveries, clock, key }: SendingParts): SendingFor => {
  const signers = openRecent<Signer>({ limit: MAX_SIGNERS });
  let root: Promise<Uint8Array<ArrayBuffer>> | null = null;
  const rootKey = async (): Promise<Uint8Array<ArrayBuffer>> => {
    try {
      return await (root ??= Promise.resolve(key ?? deliveries.key()).then(bytesOfBase64));
    } catch (error) {
      root = null;
      throw error;
    }
  };
  const secretAt = async (
    { id, scheme }: WebhookEndpoint,
    generation: number,
  ): Promise<string> =>
    scheme === "hmac"
      ? await secretOf(await rootKey(), id, generation)
      : (await keyPairOf(await rootKey(), id, generation)).secret;
  return async (endpoint) => {
    const { id, generation, oldUntil } = endpoint;
    const isDouble = oldUntil !== null && oldUntil > clock.now();
    const name = `${id} ${generation} ${isDouble}`;
    let signer = signers.get(name);
    if (signer === undefined) {
      const newest = await secretAt(endpoint, generation);
      signer = openSigners(
        isDouble ? [newest, await secretAt(endpoint, generation - 1)] : [newest],
      );
      signers.set(name, signer);
    }
    return { sender, signer };
  };
};
