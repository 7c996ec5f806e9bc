import * as Effect from "effect/Effect";
import type {
  Cancellation,
  Carrier,
  CarrierError,
  CarrierNumber,
  Clock,
  Order,
  OrderWait,
} from "../../../core/ports/mod.ts";
import { type Instant, type Milliseconds, MINUTE_MS } from "../../../core/values/calendar.ts";
import type { E164 } from "../../../core/values/e164.ts";
import { openRecent } from "../../../core/values/recent.ts";
import { openCancelling } from "./cancellation.ts";
import { isKey, openListing } from "./order-list.ts";
import { acceptedAs, type Call, type Client, isNotFound, type Reply } from "./client.ts";
import { type KeptNumber, keptOf, type Numbers } from "./numbers.ts";
import type { Offers } from "./offers.ts";
import { isTelnyxId, OrderAnswer, type OrderRow, waitOf } from "./schemas.ts";
import { malformed, notTaken, uncertain } from "./attempt-failure.ts";

type OrderRequest = Parameters<Carrier["order"]>[0];

/** Orders, each under a key of ours, which Telnyx keeps as their customer reference. */
type Orders = {
  readonly find: (key: string) => Call<Order | null>;
  readonly place: (request: OrderRequest) => Call<Order>;
  readonly cancel: (key: string) => Call<Cancellation>;
};

const PATH = "/number_orders";

const PENDING: Order = { status: "pending" };

const SOLD: Order = {
  status: "failed",
  reason: "notAvailable",
  message: "Telnyx does not have this number to sell.",
};

/** How long a number may take to appear in the account after its order was filled. */
const FILLED_MS: Milliseconds = 15 * MINUTE_MS;

/** Earlier than any order's time: a new order is not old by any clock. */
const NOW: Instant = Number.NEGATIVE_INFINITY;

const LOST: Order = {
  status: "failed",
  reason: "refused",
  message: "Telnyx filled the order, but the number is not in the account: it was deleted there.",
};

/** Statuses that turn down the order as it is, rather than us. */
const ABOUT_THE_ORDER = [400, 404, 409, 422];

// Best first: a successful order counts, whatever the outcome of others under its key.
const RANK: readonly OrderRow["status"][] = ["success", "pending", "failure"];

/** Statuses of requirements that end an order's number. */
const ENDED: readonly (string | null | undefined)[] = ["cancelled", "deleted"];

const statusOf = ({ status, phone_numbers: [item] }: OrderRow): OrderRow["status"] =>
  item?.status === "failure" || (status === "pending" && ENDED.includes(item?.requirements_status))
    ? "failure"
    : status;

/** Whether the order says that regulatory requirements are not met. */
const isUnmet = ({ requirements_met, phone_numbers: [item] }: OrderRow): boolean =>
  (item?.requirements_met ?? requirements_met) === false;

const waiting = (waitsFor: OrderWait): Order => ({ status: "pending", waitsFor });

const UNMET: Order = {
  status: "failed",
  reason: "requirementsMissing",
  message: "Telnyx ended the order: regulatory requirements were not met.",
};

const best = (rows: readonly OrderRow[]): OrderRow | undefined =>
  RANK.flatMap((status) => rows.filter((row) => statusOf(row) === status))[0];

/** Whether a number can be the one that an order brought: it has the order's key, or none. */
const isOf = (key: string) => ({ orderKey }: Pick<CarrierNumber, "orderKey">): boolean =>
  orderKey === null || orderKey === key;

/** The order outcome that an existing number implies. */
const keptAs = ({ status, carrierId, waitsFor }: KeptNumber): Order => {
  if (waitsFor !== undefined) return waiting(waitsFor);
  return status === "pending" ? PENDING : { status: "confirmed", carrierId };
};

/** How many filled orders without a time are remembered. */
const MOST_NOTICES = 1_000;

/** When a filled order without a time was seen first. */
const openNotices = (clock: Clock) => {
  const notices = openRecent<Instant>({ limit: MOST_NOTICES });
  return (key: string): Instant => {
    const at = notices.get(key) ?? clock.now();
    notices.set(key, at);
    return at;
  };
};

/**
 * Whether an order was filled so long ago that its number must have become visible: by our clock,
 * and by Telnyx's, which wrote the times, where its answer has one. One without a time counts from
 * when it was first seen here.
 */
const openAges = (clock: Clock) => {
  const noticed = openNotices(clock);
  return (
    key: string,
    { created_at, updated_at }: OrderRow,
    telnyxNow: Instant | null,
  ): boolean => {
    if ((clock.doubt?.() ?? null) !== null) return false;
    const at = Math.max(created_at ?? -Infinity, updated_at ?? -Infinity);
    if (!Number.isFinite(at)) return clock.now() - noticed(key) > FILLED_MS;
    return Math.min(clock.now(), telnyxNow ?? Infinity) - at > FILLED_MS;
  };
};

/** What placing orders needs. */
type Parts = {
  readonly client: Client;
  readonly numbers: Numbers;
  readonly offers: Offers;
  /** Measures how long ago an order was filled. */
  readonly clock: Clock;
  /** How long the search before an order may take, where one is needed. */
  readonly sightMs: Milliseconds;
};

/** When Telnyx gave an answer, by its own clock; null where it does not say. */
const atOf = (reply: Reply): Instant | null => reply.accepted ? reply.at : null;

/** What an order says that it waits for. */
const waitedBy = ({ phone_numbers: [item] }: OrderRow): OrderWait | undefined =>
  waitOf(item?.requirements_status ?? null);

/** An order of a list, looked up by its id; null where Telnyx has no such order. */
const itself = Effect.fnUntraced(function* ({ send }: Client, key: string, { id }: OrderRow) {
  if (id === null || !isTelnyxId(id)) return null;
  const reply = yield* send({ method: "GET", path: `${PATH}/${id}` });
  if (isNotFound(reply)) return null;
  const { data } = yield* acceptedAs(OrderAnswer, reply, "to a look at an order");
  if (!isKey(key)(data)) return yield* Effect.fail(malformed("about another order"));
  return { row: data, at: atOf(reply) };
});

/**
 * Telnyx gives no reason for a failed order: the number counts as sold when it is no longer
 * offered.
 */
const failureBy = (offers: Offers) => (e164: E164, message: string): Effect.Effect<Order> =>
  Effect.match(offers.quote(e164), {
    onFailure: () => ({ status: "failed", reason: "refused", message }),
    onSuccess: (offer) => offer === null ? SOLD : { status: "failed", reason: "refused", message },
  });

/** Reads the outcome of an order. */
const readingOf = ({ client, numbers, offers, clock }: Parts) => {
  const failure = failureBy(offers);
  const isOld = openAges(clock);

  /**
   * An order is confirmed when the number exists: only the number's own id can release it later. It
   * has failed when Telnyx reports the number as deleted, or filled the order long ago and does not
   * have the number.
   */
  const filled = Effect.fnUntraced(function* (
    key: string,
    row: OrderRow,
    e164: E164,
    telnyxNow: Instant | null,
  ) {
    const records = yield* numbers.records(e164);
    const kept = records.filter(isOf(key)).map(keptOf).find((number) => number !== null);
    if (kept !== undefined) return keptAs(kept);
    if (records.some(({ orderKey }) => orderKey === key)) return LOST;
    if (!isOld(key, row, telnyxNow)) return PENDING;
    const named = yield* numbers.named({ carrierId: row.phone_numbers[0]?.id ?? "", e164 });
    return named === null || !isOf(key)(named) ? LOST : keptAs(named);
  });

  /** What a pending order waits for; only the order itself shows requirements, a list does not. */
  const pending = Effect.fnUntraced(function* (
    key: string,
    row: OrderRow,
    e164: E164,
  ): Effect.fn.Return<Order, CarrierError> {
    if (!isUnmet(row)) return PENDING;
    const waits = waitedBy(row);
    if (waits !== undefined) return waiting(waits);
    const found = yield* itself(client, key, row);
    if (found === null) return waiting("requirements");
    if (statusOf(found.row) !== "pending") return yield* orderOf(key, found.row, e164, found.at);
    return isUnmet(found.row) ? waiting(waitedBy(found.row) ?? "requirements") : PENDING;
  });

  const orderOf = (
    key: string,
    row: OrderRow,
    e164: E164,
    telnyxNow: Instant | null,
  ): Call<Order> => {
    const status = statusOf(row);
    if (status === "pending") return pending(key, row, e164);
    if (status === "success") return filled(key, row, e164, telnyxNow);
    if (isUnmet(row)) return Effect.succeed(UNMET);
    return failure(e164, "Telnyx took the order and could not fill it.");
  };

  const list = openListing(client);

  const find = Effect.fnUntraced(function* (key: string) {
    const { rows, at } = yield* list(key);
    const row = best(rows);
    if (row === undefined) return null;
    const [item] = row.phone_numbers;
    if (item === undefined) return yield* Effect.fail(malformed("about an order of nothing"));
    return yield* orderOf(key, row, item.phone_number, at);
  });

  const listed = (key: string) => Effect.map(list(key), ({ rows }) => rows);

  return { failure, find, listed, orderOf };
};

/**
 * The outcome of an order by the number alone, which has the key too: the list of orders may lag.
 * Null where the account has no number of this order.
 */
const ofNumber = Effect.fnUntraced(function* (numbers: Numbers, key: string, e164: E164) {
  const ours = (yield* numbers.records(e164)).filter(({ orderKey }) => orderKey === key);
  const kept = ours.map(keptOf).find((number) => number !== null);
  if (kept !== undefined) return keptAs(kept);
  return ours.length > 0 ? LOST : null;
});

/** The orders of the client's account. */
export const openOrders = (parts: Parts): Orders => {
  const { client, numbers, offers, sightMs } = parts;
  const { send } = client;
  const { failure, find, listed, orderOf } = readingOf(parts);

  /** The outcome of an order that was not accepted, unless an earlier one under the key was. */
  const unlessTaken = Effect.fnUntraced(function* (
    { key, e164 }: OrderRequest,
    otherwise: Effect.Effect<Order>,
  ) {
    const earlier = Effect.flatMap(
      find(key),
      (order) => order === null ? ofNumber(numbers, key, e164) : Effect.succeed(order),
    );
    const order = yield* Effect.mapError(earlier, ({ message }) => uncertain(message));
    return order ?? (yield* otherwise);
  });

  /** Whether the number can be ordered: only one that a search found recently can be. */
  const isOnSale = Effect.fnUntraced(function* (e164: E164) {
    if (offers.isFresh(e164)) return true;
    const late = Effect.fail(uncertain(`Telnyx gave no offer within ${sightMs} ms.`));
    const quote = offers.quote(e164).pipe(
      Effect.timeoutOrElse({ duration: sightMs, orElse: () => late }),
      Effect.mapError(({ message }) => notTaken(message)),
    );
    return (yield* quote) !== null;
  });

  const place = Effect.fnUntraced(function* (request: OrderRequest) {
    const { key, e164, connectionId, requirementGroupId: group } = request;
    if (!(yield* isOnSale(e164))) return yield* unlessTaken(request, Effect.succeed(SOLD));
    const body = {
      phone_numbers: [
        { phone_number: e164, ...(group !== undefined && { requirement_group_id: group }) },
      ],
      customer_reference: key,
      ...(connectionId === null ? {} : { connection_id: connectionId }),
    };
    const reply = yield* send({ method: "POST", path: PATH, body });
    const isAboutIt = !reply.accepted && ABOUT_THE_ORDER.includes(reply.refusal.status);
    if (isAboutIt && reply.refusal.isForRequirements) {
      const { message } = reply.refusal;
      const refused: Order = { status: "failed", reason: "requirementsMissing", message };
      return yield* unlessTaken(request, Effect.succeed(refused));
    }
    if (isAboutIt) {
      return yield* unlessTaken(request, failure(e164, reply.refusal.message));
    }
    const { data } = yield* acceptedAs(OrderAnswer, reply, "to an order");
    const isIt = isKey(key)(data) && data.phone_numbers[0]?.phone_number === e164;
    if (!isIt) return yield* Effect.fail(malformed("about another order"));
    // The order was accepted: that the number cannot be read yet does not change it.
    return yield* Effect.orElseSucceed(orderOf(key, data, e164, NOW), () => PENDING);
  });

  return { find, place, cancel: openCancelling({ client, listed, find }) };
};
