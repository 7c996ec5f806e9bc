/** The calls about what endpoints of webhooks were sent. */
import * as Effect from "effect/Effect";
import * as v from "valibot";
import type { DeliveryAttempt } from "../../../core/ports/mod.ts";
import { RECONCILIATIONS } from "../../../core/reconciliation/state.ts";
import { failed } from "../../../core/values/result.ts";
import { isoTime } from "../../../core/values/calendar.ts";
import { unknownWebhook } from "../../../core/webhooks/decisions.ts";
import type { WebhookEndpoint } from "../../../core/webhooks/state.ts";
import type { ArgumentInvalid } from "../../validation/argument.ts";
import { exactly, MomentSchema, whole } from "../../validation/shapes.ts";
import { IdSchema } from "../../validation/values.ts";
import type {
  Caller,
  DeliveriesPage,
  DeliveryUnknown,
  Ledger,
  ReplayFrom,
  TooManyPending,
  WebhooksNotSupported,
} from "../api/mod.ts";
import { CursorSchema } from "../arguments/lists.ts";
import { beginning } from "./beginning.ts";
import { failedSince, goBackTo, sendAgain } from "./again.ts";
import type { Courier } from "./courier.ts";
import { attempt, keptAttempt } from "./message.ts";
import type { SendingFor } from "./sending.ts";
import { refuse } from "../engine/refusals.ts";
import { ask, Ports } from "../engine/services.ts";
import { eventsAfter } from "../feed/cursor.ts";
import { openEntries } from "../feed/entries.ts";
import { isCursor, placeOf } from "../feed/feed-pages.ts";
import { caller, id, writer } from "../calls/common-arguments.ts";
import { cursorOf, placeOfCursor } from "../calls/cursors.ts";
import { certain, type DeclarationOf, refusable } from "../calls/declaration.ts";
import { findWebhook } from "../calls/webhooks.ts";

/** A page has at most so many attempts. */
const MAX_ATTEMPTS = 100;

type Calls = Pick<Ledger["webhooks"], "deliveries" | "redeliver" | "replay" | "test">;

const unknownDelivery = failed<DeliveryUnknown>({
  code: "DELIVERY_UNKNOWN",
  message: "The webhook has no delivery with this id in the last 30 days.",
});

const tooMany = failed<TooManyPending>({
  code: "DELIVERIES_PENDING",
  message: "Too many events wait to be sent again; try again when some were taken.",
});

const notSupported = failed<WebhooksNotSupported>({
  code: "WEBHOOKS_NOT_SUPPORTED",
  message: "This ledger sends no webhooks; the operator must give it a sender.",
});

const PATH = "page.after";

const page: v.GenericSchema<DeliveriesPage | undefined> = v.optional(exactly({
  after: v.optional(CursorSchema),
  limit: v.optional(whole(1, MAX_ATTEMPTS)),
  event: v.optional(IdSchema),
  isDelivered: v.optional(v.boolean()),
}));

const replayFrom: v.GenericSchema<ReplayFrom> = v.union([
  exactly({
    after: v.pipe(v.string(), v.check(isCursor, "must be a cursor of the feed, or 0")),
  }),
  exactly({ failedSince: MomentSchema }),
], "must have after, a cursor of the feed, or failedSince, a time");

const Place = v.tuple([v.number(), v.string()]);

/** The caller's endpoint; refused where there is none such. */
const mine = Effect.fnUntraced(function* (caller: Caller, webhook: string) {
  const endpoint = yield* findWebhook(caller, webhook);
  return endpoint ?? (yield* refuse(unknownWebhook.error));
});

/** What is kept of deliveries; refused where the log keeps nothing. */
const parts = Effect.gen(function* () {
  const { log, clock } = yield* Ports;
  const { deliveries } = log;
  if (deliveries === undefined) return yield* refuse(notSupported.error);
  const toEntries = openEntries(log);
  const entriesAfter = async (
    organization: string,
    handled: Parameters<typeof eventsAfter>[2],
    limit: number,
  ) => await toEntries(await eventsAfter(log, organization, handled, limit));
  return { deliveries, clock, entriesAfter };
});

const list = Effect.fnUntraced(function* (
  caller: Caller,
  webhook: string,
  { after, limit = MAX_ATTEMPTS, event, isDelivered }: DeliveriesPage = {},
) {
  const { log: { deliveries } } = yield* Ports;
  const endpoint = yield* findWebhook(caller, webhook);
  if (endpoint === undefined || deliveries === undefined) return null;
  const place = after === undefined ? null : placeOfCursor(Place, after, PATH);
  const found = yield* ask(() =>
    deliveries.attempts(
      webhook,
      { event, isDelivered },
      limit + 1,
      ...(place === null ? [] : [{ at: place[0], id: place[1] }]),
    )
  );
  const attempts = found.slice(0, limit);
  const last = attempts[attempts.length - 1];
  const isMore = found.length > limit && last !== undefined;
  return { attempts, next: isMore ? cursorOf([last.at, last.id]) : null };
});

const redeliver = Effect.fnUntraced(function* (caller: Caller, webhook: string, name: string) {
  yield* mine(caller, webhook);
  const all = yield* parts;
  const [event = ""] = name.split(".");
  const attempts = yield* ask(() => all.deliveries.attempts(webhook, { event }, MAX_ATTEMPTS));
  const found = attempts.find(({ id }) => id === name);
  // A test is of no event.
  if (found === undefined || found.position === 0) return yield* refuse(unknownDelivery.error);
  const wanted = new Map([[found.organization, [found.position]]]);
  return (yield* ask(() => sendAgain(all, webhook, wanted))) ? null : yield* refuse(tooMany.error);
});

const replay = Effect.fnUntraced(function* (caller: Caller, webhook: string, from: ReplayFrom) {
  const endpoint = yield* mine(caller, webhook);
  const all = yield* parts;
  const { log } = yield* Ports;
  const { organization } = caller;
  if ("failedSince" in from) {
    const failed = yield* ask(() => failedSince(all.deliveries, webhook, from.failedSince));
    return (yield* ask(() => sendAgain(all, webhook, failed)))
      ? null
      : yield* refuse(tooMany.error);
  }
  if (organization === RECONCILIATIONS) {
    const path = "from.after";
    const message = `${path} is of one organization; use failedSince`;
    return yield* refuse<ArgumentInvalid>({ code: "INVALID_ARGUMENT", path, message });
  }
  const place = yield* ask(async () => {
    const known = placeOf(from.after);
    if (known === null) return (await log.load(organization, {})).head;
    await eventsAfter(log, organization, known, 1);
    return known;
  });
  const unknown = yield* ask(() => beginning(log, endpoint, { endpoint: webhook, organization }));
  return (yield* ask(() => goBackTo(all, unknown, place))) ? null : yield* refuse(tooMany.error);
});

const sendTest = Effect.fnUntraced(function* (
  sendingFor: SendingFor,
  endpoint: WebhookEndpoint,
  organization: string,
) {
  const { clock, ids, log: { deliveries } } = yield* Ports;
  const at = clock.now();
  const subject = `/ledger/webhooks/${endpoint.id}`;
  const event = {
    id: ids.next("ev"),
    type: "webhook.test",
    at: isoTime(at),
    organization,
    subject,
    data: { webhook: endpoint.id },
    cursor: "0",
  };
  return yield* ask(async (): Promise<DeliveryAttempt> => {
    const attempted = await attempt(await sendingFor(endpoint), endpoint, event);
    const kept = keptAttempt(endpoint.id, event, 0, { attempts: 0 }, attempted, at);
    await deliveries?.record([{ progress: null, attempts: [kept] }]);
    return kept;
  });
});

/** The calls of a ledger that sends with this; null where it sends nothing. */
export const deliveryCalls = (
  sendingFor: SendingFor | null,
  changed: Courier["changed"] = () => {},
): DeclarationOf<Calls> => {
  const begin = ({ organization }: Caller, webhook: string) =>
    Effect.sync(() => changed(organization, webhook));
  return {
    deliveries: certain([caller, id, ["page", page]], list),
    redeliver: refusable(
      [writer, id, ["attempt", IdSchema]],
      (caller, webhook, name) =>
        Effect.tap(redeliver(caller, webhook, name), () => begin(caller, webhook)),
    ),
    replay: refusable(
      [writer, id, ["from", replayFrom]],
      (caller, webhook, from) =>
        Effect.tap(replay(caller, webhook, from), () => begin(caller, webhook)),
    ),
    test: refusable([writer, id], (caller, webhook) =>
      Effect.flatMap(
        mine(caller, webhook),
        (endpoint) =>
          sendingFor === null
            ? refuse(notSupported.error)
            : sendTest(sendingFor, endpoint, caller.organization),
      )),
  };
};
