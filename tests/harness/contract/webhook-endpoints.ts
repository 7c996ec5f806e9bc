/** What the contract of senders of webhooks asks of its subjects: endpoints, and what they do. */
import type { WebhookFailure, WebhookSender } from "../../../core/ports/mod.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";

/** How an endpoint may behave, and what it answers. */
export const ENDPOINT_BEHAVIOURS = {
  accepts: "it answers 200 with the text `taken`",
  refuses: "it answers 500",
  hasGone: "it answers 410",
  asksForLess: "it answers 429 with `Retry-After: 7`",
  asksForDays: "it answers 503 with `Retry-After: 9999999`",
  redirects: "it answers 302 with a `Location` that is itself",
  confuses: "it answers 200 with the bytes 41 1B 5B 33 31 6D FF 0A E2 80 AE 42 (hexadecimal)",
  neverEnds: "it answers 200 with the letter `x` for ever",
  drips: "it answers 200 and then a byte from time to time",
  breaksOff: "it answers 200 with the text `tak`, and the connection breaks before the rest",
  isSilent: "it takes the message and never answers",
  dripsHeaders: "it begins an answer whose headers come a byte from time to time, for ever",
  losesAnswer: "it takes the message, and the connection breaks before an answer",
  hasHugeHeaders: "it answers 200 with a megabyte of headers",
  speaksNonsense: "it answers what is not HTTP",
  isUnreachable: "there is nothing at its address",
  isUntrusted: "it has TLS with a certificate that nobody vouches for",
} as const;

/** How an endpoint behaves. */
export type EndpointBehaviour = keyof typeof ENDPOINT_BEHAVIOURS;

/** A message as an endpoint got it. */
export type ReceivedMessage = {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
};

/** A sender to be tested, and an endpoint that behaves as asked. */
export type WebhookSenderSubject = {
  readonly sender: WebhookSender;
  /** The endpoint's URL, which ends in `/hook?token=secret`. */
  readonly url: string;
  readonly received: () => readonly ReceivedMessage[];
  /** How many messages the sender has under way to one endpoint, and some to others besides. */
  readonly placesEach: number;
  /** A call must have ended after this long: 20 s where it is left out. */
  readonly patienceMs?: Milliseconds | undefined;
  readonly close: () => Promise<void>;
};

/** A sender that finds the name of a URL at these addresses, and two endpoints that accept. */
export type NamedSenderSubject = {
  readonly sender: WebhookSender;
  /** A URL with a name. */
  readonly url: string;
  /** How often the name was looked up. */
  readonly lookUps: () => number;
  /** How many messages came to the address that may be connected to. */
  readonly atAllowed: () => number;
  /** How many connections came to the address that may not. */
  readonly atRefused: () => number;
  readonly close: () => Promise<void>;
};

/** An address: one that may be connected to, one that may not, or one where nothing listens. */
export type NamedAddress = "allowed" | "refused" | "dead";

/** Further options of the suite of senders. */
export type WebhookSenderOptions = {
  /** The failures that this sender cannot tell from `UNREACHABLE`. */
  readonly blurs?: readonly WebhookFailure["code"][] | undefined;
  /**
   * Opens a sender whose look-ups of the URL's name give these addresses, one list after the other,
   * the last again and again; it looks up anew for each message.
   */
  readonly openNamed?:
    | ((lookUps: readonly (readonly NamedAddress[])[]) => Promise<NamedSenderSubject>)
    | undefined;
  /** Why the sender does not see what a name leads to, as a sentence, where it does not. */
  readonly withoutNames?: string | undefined;
};
