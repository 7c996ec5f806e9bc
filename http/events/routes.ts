/** The feed: what happened, as pages or as a stream (http/README.md, Events). */
import { ForkedLog } from "../../adapters/ledger/feed/cursor.ts";
import { SECOND_MS } from "../../core/values/calendar.ts";
import { failed, ok, type Result } from "../../core/values/result.ts";
import type { Caller, EventsOptions, EventsPage } from "../../adapters/ledger/api/mod.ts";
import type { Call, Failure, Outcome, Route } from "../dialect.ts";
import { invalidProblem } from "../errors.ts";
import { type Envelope, enveloped } from "./envelope.ts";
import { forked, unlessForked } from "./refusals.ts";
import { EventsQuery } from "./schemas.ts";
import { streamOf, wholeText } from "./stream.ts";
import { webhookRoutes } from "./webhooks.ts";

/** How the feed is served. */
export type FeedOptions = {
  /**
   * Whether an answer ends soon, and the client asks again: where a ledger is opened for each
   * request.
   */
  readonly endsSoon?: boolean;
};

/** The feed as routes of the ledger's own API. */
export type EventFeed = {
  readonly routes: () => readonly Route[];
  /** Ends all answers that wait or stream; to be called before a server waits for its last ones. */
  readonly end: () => void;
};

const PATH = "/ledger/events";

/** As long as a stream that ends soon waits for its first event. */
const SOON_MS = 10 * SECOND_MS;

const wantsStream = (headers: Headers): boolean =>
  (headers.get("accept") ?? "").toLowerCase().includes("text/event-stream");

/** For whom the feed is read: the operator names an organization, others have their own. */
const readerOf = ({ caller }: Call, named: string | undefined): Result<Caller, Failure> => {
  const says = (sentence: string) => failed(invalidProblem({ organization: [sentence] }));
  if (caller.actor.kind !== "operator") {
    return named === undefined || named === caller.organization
      ? ok(caller)
      : says("must be left out: a token is of one organization");
  }
  return named === undefined
    ? says("must name an organization")
    : ok({ ...caller, organization: named });
};

type Asked = {
  readonly caller: Caller;
  readonly options: EventsOptions;
  readonly envelope: Envelope;
};

const askedOf = (call: Call, isStream: boolean): Result<Asked, Failure> => {
  const query = call.checkedQuery(EventsQuery, { lists: ["types"] });
  if (!query.ok) return query;
  const { after, types, limit, wait, envelope } = query.value;
  const caller = readerOf(call, query.value.organization);
  if (!caller.ok) return caller;
  // A client that connects again has the same query, and says where it is.
  const from = isStream ? call.headers.get("last-event-id") ?? after : after;
  const options = {
    ...(from !== undefined && from !== "" && { after: from }),
    ...(types !== undefined && { types }),
    ...(limit !== undefined && { limit }),
    waitMs: wait * SECOND_MS,
  };
  return ok({ caller: caller.value, options, envelope });
};

const STREAMED = { "content-type": "text/event-stream", "x-accel-buffering": "no" };

const bodyOf = ({ events, next }: EventsPage, envelope: Envelope): Outcome =>
  ok({ status: 200, body: { events: events.map((event) => enveloped(event, envelope)), next } });

/** Opens the feed for one application, or for several of one server. */
export const openEventFeed = ({ endsSoon = false }: FeedOptions = {}): EventFeed => {
  const ending = new AbortController();
  const { signal } = ending;

  /** 200 with a stream of server-sent events. */
  const stream = async (call: Call, asked: Asked): Promise<Outcome> => {
    const { ledger, failureOf } = call;
    const { caller, options, envelope } = asked;
    const waitMs = endsSoon ? SOON_MS : 0;
    const first = await unlessForked(ledger.events.list(caller, { ...options, waitMs, signal }));
    if (!first.ok) return first;
    const { limit: _, waitMs: __, ...wish } = options;
    const text = call.isHead ? "" : endsSoon ? wholeText(first.value, envelope) : streamOf({
      envelope,
      first: first.value,
      pages: ledger.events.follow(caller, { ...wish, after: first.value.next, signal }),
      failureOf: (error) => error instanceof ForkedLog ? forked(error) : failureOf(error),
    });
    return ok({ status: 200, body: null, text, headers: STREAMED });
  };

  /** 200 `{"events": […], "next"}`, or a stream where that is asked for. */
  const readEvents = async (call: Call): Promise<Outcome> => {
    const isStream = wantsStream(call.headers);
    const asked = askedOf(call, isStream);
    if (!asked.ok) return asked;
    if (isStream) return await stream(call, asked.value);
    const { caller, options, envelope } = asked.value;
    const waitMs = call.isHead ? 0 : options.waitMs ?? 0;
    const reading = call.ledger.events.list(caller, { ...options, waitMs, signal });
    const page = await unlessForked(reading);
    return page.ok ? bodyOf(page.value, envelope) : page;
  };

  const read: Route = { method: "GET", path: PATH, isOperators: true, handle: readEvents };
  return {
    routes: () => [read, ...webhookRoutes],
    end: () => ending.abort(),
  };
};
