/** An organization's log of any length, made of the lifecycles of many numbers. */
import { type DomainEvent, toDraft } from "../../core/events/vocabulary.ts";
import { chargeKey } from "../../core/number/charges.ts";
import type { Actor } from "../../core/values/identity.ts";
import type { EventLog, Head, Offer } from "../../core/ports/mod.ts";
import { DAY_MS, type Instant, monthsAfter } from "../../core/values/calendar.ts";
import { money } from "../../core/values/money.ts";
import { numberAt, UNLIMITED } from "./engine.ts";

const BATCH = 500;
const START: Instant = Date.UTC(2020, 0, 31, 10);
const ACTOR: Actor = { kind: "user", tokenId: "tk_1", email: "alice@example.com", name: "Alice" };
const MONTHS = 6;
/** One number in this many is kept, and one in this many once fails to be paid. */
const KEPT = 10;
const UNPAID = 5;
/** These lifecycles buy numbers beyond those of the measured purchases. */
const FIRST_NUMBER = 1_000_000;
const SHOWN = 500;
/** One number in this many that is held is for inbound calls alone. */
const INBOUND = 4;

const offerOf = (index: number): Offer & { features: ("voice" | "sms")[] } => ({
  e164: numberAt(FIRST_NUMBER + index),
  type: "local",
  country: "US",
  setup: money(1_000_000),
  monthly: money(1_000_000),
  features: ["voice", "sms"],
  region: { state: "CA", locality: "San Francisco", rateCenter: "SNFC CNTRL" },
});

const period = (holding: string, index: number, begin: Instant = START) => ({
  period: index,
  from: monthsAfter(begin, index - 1),
  to: monthsAfter(begin, index),
  amount: money(1_000_000),
  chargeKey: chargeKey(holding, index),
  paidFrom: "subscription" as const,
});

const search = (index: number): DomainEvent => {
  const offer = offerOf(index);
  const seen = [1, 2, 3].map((next) => offerOf((index + next) % SHOWN));
  const filters = { country: "US", type: "local", areaCode: "415", limit: 4 } as const;
  return {
    type: "NumberSearched",
    data: { carrier: "sandbox", filters, offers: [offer, ...seen] },
  };
};

/** The id of the holding of the number of this index. */
export const holdingOf = (index: number): string => `pn_${String(index).padStart(26, "0")}`;

/** The number of this index, as the carrier keeps it that sold it. */
export const soldAs = (index: number) => {
  const { e164 } = offerOf(index);
  return { e164, orderKey: `od_${index}`, carrierId: `sandbox_${e164.slice(1)}_${index}` };
};

/** The purchase of the number of this index, paid by the month from `begin` on. */
const purchase = (index: number, begin: Instant = START): readonly DomainEvent[] => {
  const holding = holdingOf(index);
  const { orderKey, carrierId } = soldAs(index);
  const routing = { direction: "both", label: null, template: null } as const;
  return [
    {
      type: "PurchaseRequested",
      data: {
        holding,
        ...offerOf(index),
        carrier: "sandbox",
        connection: null,
        orderKey,
        paidFrom: "subscription",
        debited: money(0),
        ...routing,
      },
    },
    {
      type: "NumberPurchased",
      data: { holding, carrierId, term: { kind: "monthly", ...period(holding, 1, begin) } },
    },
  ];
};

const unpaid = (holding: string): readonly DomainEvent[] => {
  const due = monthsAfter(START, MONTHS);
  const { amount, chargeKey, ...next } = period(holding, MONTHS + 1);
  const failure = { period: next.period, amount, chargeKey };
  const grace = { retryAt: due + DAY_MS, graceEndsAt: due + 7 * DAY_MS };
  return [
    { type: "RenewalFailed", data: { holding, ...failure, ...grace } },
    { type: "Reinstated", data: { holding } },
  ];
};

/**
 * The lifecycle of one number, from the search to its release (or without end, one time in ten).
 */
const lifeOf = (index: number): readonly DomainEvent[] => {
  const holding = holdingOf(index);
  const assistant = `assistant-${index % 20}`;
  const { e164 } = offerOf(index);
  const released = { holding, e164, source: "managed", why: "byUser" } as const;
  const months = Array.from({ length: MONTHS - 1 }, (_, month) => period(holding, month + 2));
  return [
    search(index),
    ...purchase(index),
    { type: "NumberAssigned", data: { holding, assistant } },
    {
      type: "RoutingChanged",
      data: { holding, direction: "inbound", label: "Front desk", template: { queue: "sales" } },
    },
    ...months.map((data): DomainEvent => ({ type: "Renewed", data: { holding, ...data } })),
    ...(index % UNPAID === 0 ? unpaid(holding) : []),
    { type: "AutoRenewalChanged", data: { holding, on: index % KEPT === 0 } },
    ...(index % KEPT === 0 ? [] : [
      { type: "NumberUnassigned", data: { holding, assistant } },
      { type: "ReleaseStarted", data: { holding, why: "byUser" } },
      { type: "Released", data: released },
    ] satisfies DomainEvent[]),
  ];
};

const OPENED: DomainEvent = {
  type: "OrganizationOpened",
  data: { name: "Acme", plan: UNLIMITED },
};

const eventsOf = (count: number, first: number): readonly DomainEvent[] => {
  const events: DomainEvent[] = [OPENED];
  for (let index = first; events.length < count; index++) events.push(...lifeOf(index));
  return events;
};

/** Appends to the empty log of the organization, many events at a time. */
const writeAll = async (
  log: EventLog,
  organization: string,
  events: readonly DomainEvent[],
  at: Instant,
): Promise<void> => {
  let head: Head = { position: 0, hash: "" };
  for (let from = 0; from < events.length; from += BATCH) {
    const outcome = await log.append({
      organization,
      expected: head,
      at: at + from,
      actor: ACTOR,
      command: null,
      events: events.slice(from, from + BATCH).map(toDraft),
      rows: [],
      claims: [],
      free: [],
    });
    if (outcome.outcome !== "appended") throw new Error(`not appended: ${outcome.outcome}`);
    head = outcome.head;
  }
};

/**
 * Appends at least `count` events to the empty log of the organization: the lifecycles of the
 * numbers from index `first` on. Rows and claims are left to a rebuild.
 */
export const writeLog = async (
  log: EventLog,
  organization: string,
  count: number,
  first = 0,
): Promise<void> => await writeAll(log, organization, eventsOf(count, first), START);

/**
 * Appends to the empty log of the organization that it bought `count` numbers, from index `first`
 * on, whose month began at `begin`, and which it holds; one in four is for inbound calls alone.
 * Rows and claims are left to a rebuild.
 */
export const writeHolder = async (
  log: EventLog,
  organization: string,
  { count, first, begin }: {
    readonly count: number;
    readonly first: number;
    readonly begin: (index: number) => Instant;
  },
): Promise<void> => {
  const events: DomainEvent[] = [OPENED];
  for (let index = first; index < first + count; index++) {
    const holding = holdingOf(index);
    const inbound = { holding, direction: "inbound", label: null, template: null } as const;
    events.push(...purchase(index, begin(index)));
    if (index % INBOUND === 0) events.push({ type: "RoutingChanged", data: inbound });
  }
  await writeAll(log, organization, events, begin(first));
};
