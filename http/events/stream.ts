/** Pages of the feed as server-sent events (WHATWG HTML, 9.2). */
import type { EventsPage, FeedEvent } from "../../adapters/ledger/api/mod.ts";
import type { Failure } from "../dialect.ts";
import { type Envelope, enveloped } from "./envelope.ts";

/** How long a client waits before it connects again, in milliseconds. */
const RETRY_MS = 2_000;

const encoder = new TextEncoder();

/** The texts of events that many are sent, as long as any of them is to be. */
const texts = {
  plain: new WeakMap<FeedEvent, string>(),
  cloudevents: new WeakMap(),
} satisfies Readonly<Record<Envelope, WeakMap<FeedEvent, string>>>;

const textOf = (event: FeedEvent, envelope: Envelope): string => {
  const kept: WeakMap<FeedEvent, string> = texts[envelope];
  let text = kept.get(event);
  if (text === undefined) {
    text = `id: ${event.cursor}\ndata: ${JSON.stringify(enveloped(event, envelope))}\n\n`;
    kept.set(event, text);
  }
  return text;
};

/**
 * A page as it is sent. Behind its events, or without any, only the id of the last event is
 * set: the client goes on from there, and sees that the connection holds.
 */
const pageText = ({ events, next }: EventsPage, envelope: Envelope): string => {
  const isThere = events[events.length - 1]?.cursor === next;
  return events.map((event) => textOf(event, envelope)).join("") +
    (isThere ? "" : `: ${next}\nid: ${next}\n\n`);
};

/** Why the stream ends, where it cannot go on. */
const failureText = ({ code, message }: Failure): string =>
  `event: error\ndata: ${JSON.stringify({ code, detail: message })}\n\n`;

/** The text of one page, for a stream that ends behind it. */
export const wholeText = (page: EventsPage, envelope: Envelope): string =>
  `retry: ${RETRY_MS}\n\n${pageText(page, envelope)}`;

/** What a stream is made of. */
export type Streamed = {
  /** The page that it begins with. */
  readonly first: EventsPage;
  /** What follows it. */
  readonly pages: AsyncIterator<EventsPage>;
  /** The failure of what the pages throw. */
  readonly failureOf: (error: unknown) => Failure;
  readonly envelope: Envelope;
};

/**
 * A stream of pages: each is read when the one before it was taken, so a client that is slow, or
 * takes nothing, keeps no more than a page waiting.
 */
export const streamOf = (
  { first, pages, failureOf, envelope }: Streamed,
): ReadableStream<Uint8Array> => {
  let ready: string | null = wholeText(first, envelope);
  let isLeft = false;
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const text: string | null = ready ?? await pages.next()
          .then((next) => next.done === true ? null : pageText(next.value, envelope));
        ready = null;
        // The client may have gone away meanwhile.
        if (isLeft) return;
        if (text === null) controller.close();
        else controller.enqueue(encoder.encode(text));
      } catch (error) {
        const text = failureText(failureOf(error));
        if (isLeft) return;
        controller.enqueue(encoder.encode(text));
        controller.close();
      }
    },
    cancel: async () => {
      isLeft = true;
      await pages.return?.();
    },
  }, { highWaterMark: 0 });
};
