/**
 * Notifies a receiver of settled orders, signed as Telnyx signs, and as unreliably as requested.
 */
import type { Instant, Milliseconds } from "../../../../core/values/calendar.ts";
import { SECOND_MS } from "../../../../core/values/calendar.ts";
import { type Often, openPlan } from "./faults.ts";
import { orderComplete } from "./shapes.ts";
import type { Account, NumberOrder } from "./account.ts";

const ATTEMPTS = 3;
const RETRY_MS: Milliseconds = 30 * SECOND_MS;

type WebhookFault =
  | { readonly kind: "lost" }
  /** The same request twice, signature and all. */
  | { readonly kind: "duplicated" }
  /** Sent so much later, and signed only then. */
  | { readonly kind: "late"; readonly ms: Milliseconds }
  /** Signed in time, and so much longer on its way. */
  | { readonly kind: "stale"; readonly ms: Milliseconds }
  /** After all that are sent with it, the last one first. */
  | { readonly kind: "reordered" };

/** A webhook that was sent, and the status of its answer; 0 where there was no answer. */
type SentWebhook = {
  readonly orderId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
};

type Receiver = {
  readonly url: string;
  readonly receive: (request: Request) => Promise<Response>;
};

export type Webhooks = {
  /** Base64, as `TELNYX_PUBLIC_KEY` takes it. */
  readonly publicKey: string;
  /** From now on webhooks go there. */
  readonly to: (receiver: Receiver) => void;
  readonly fail: (fault: WebhookFault, often?: Often) => () => void;
  /** Sends those that are due by now. */
  readonly deliver: () => Promise<void>;
  readonly sent: () => readonly SentWebhook[];
  /** Signs any body, as of now unless another time is given. */
  readonly sign: (body: string, at?: Instant) => Promise<Readonly<Record<string, string>>>;
};

type Message = Omit<SentWebhook, "status">;
type Delivery = {
  readonly order: NumberOrder;
  readonly dueAt: Instant;
  readonly attempt: number;
  /** It was delayed before, and no further fault affects it. */
  readonly isHeld: boolean;
  /** Signed already, where it is only on its way. */
  readonly message?: Message;
};

const base64 = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));

const openSigner = async (account: Account): Promise<Pick<Webhooks, "publicKey" | "sign">> => {
  const { privateKey, publicKey } = await crypto.subtle.generateKey("Ed25519", true, [
    "sign",
    "verify",
  ]) as CryptoKeyPair;
  return {
    publicKey: base64(await crypto.subtle.exportKey("raw", publicKey)),
    sign: async (body, at = account.clock.now()) => {
      const timestamp = String(Math.floor(at / SECOND_MS));
      const signed = new TextEncoder().encode(`${timestamp}|${body}`);
      const signature = await crypto.subtle.sign("Ed25519", privateKey, signed);
      return {
        "content-type": "application/json",
        "telnyx-timestamp": timestamp,
        "telnyx-signature-ed25519": base64(signature),
      };
    },
  };
};

/** What is to be sent, and when. */
const openQueue = (account: Account) => {
  const notified = new Set<string>();
  let waiting: Delivery[] = [];
  return {
    put: (delivery: Delivery): void => void waiting.push(delivery),
    /** Takes out what is due by now, the longest due first. */
    takeDue: (): readonly Delivery[] => {
      const now = account.clock.now();
      for (const order of account.orders()) {
        const dueAt = account.settlesAt(order);
        if (dueAt > now || notified.has(order.id)) continue;
        notified.add(order.id);
        waiting.push({ order, dueAt, attempt: 1, isHeld: false });
      }
      const due = waiting.filter(({ dueAt }) => dueAt <= now);
      waiting = waiting.filter(({ dueAt }) => dueAt > now);
      return due.toSorted((a, b) => a.dueAt - b.dueAt);
    },
  };
};

/**
 * A separate key pair, and webhooks for the orders of this account; initially without a receiver.
 */
export const openWebhooks = async (account: Account, random: () => number): Promise<Webhooks> => {
  const { publicKey, sign } = await openSigner(account);
  const plan = openPlan<"webhook", WebhookFault>(random);
  const reordering = openPlan<"webhook", WebhookFault>(random);
  const sent: SentWebhook[] = [];
  const queue = openQueue(account);
  let receiver: Receiver | null = null;

  const write = async ({ order, attempt }: Delivery, { url }: Receiver): Promise<Message> => {
    const body = JSON.stringify(orderComplete(account, order, { attempt, to: url }));
    return { orderId: order.id, body, headers: await sign(body) };
  };
  const post = async (delivery: Delivery, message: Message, { url, receive }: Receiver) => {
    const { headers, body } = message;
    const status = await receive(new Request(url, { method: "POST", headers, body }))
      .then((response) => response.status, () => 0);
    sent.push({ ...message, status });
    if ((status >= 200 && status < 300) || delivery.attempt === ATTEMPTS) return;
    const { order, attempt } = delivery;
    const dueAt = account.clock.now() + RETRY_MS;
    queue.put({ order, attempt: attempt + 1, dueAt, isHeld: false });
  };
  const send = async (delivery: Delivery, to: Receiver): Promise<void> => {
    const message = delivery.message ?? await write(delivery, to);
    const fault = delivery.isHeld ? undefined : plan.draw("webhook");
    if (fault?.kind === "lost") return;
    if (fault?.kind === "late" || fault?.kind === "stale") {
      const dueAt = account.clock.now() + fault.ms;
      queue.put({ ...delivery, dueAt, isHeld: true, ...(fault.kind === "stale" && { message }) });
      return;
    }
    await post(delivery, message, to);
    if (fault?.kind === "duplicated") await post(delivery, message, to);
  };
  const reorder = (deliveries: readonly Delivery[]): readonly Delivery[] => {
    const late = deliveries.filter(() => reordering.draw("webhook") !== undefined);
    return [...deliveries.filter((each) => !late.includes(each)), ...late.toReversed()];
  };
  return {
    publicKey,
    sign,
    to: (to) => void (receiver = to),
    fail: (fault, often = {}) =>
      (fault.kind === "reordered" ? reordering : plan).add("webhook", fault, often),
    deliver: async () => {
      if (receiver === null) return;
      const to = receiver;
      for (const delivery of reorder(queue.takeDue())) await send(delivery, to);
    },
    sent: () => sent,
  };
};
