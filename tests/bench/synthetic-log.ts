/** An organization's log of any length, made of the lifecycles of many numbers. */
import { type DomainEvent, toDraft } from "../../core/events/vocabulary.ts";
import { chargeKey } from "../../core/number/charges.ts";
import type { Actor } from "../../core/values/identity.ts";
import type { EventLog, Head, Offer } from "../../core/ports/mod.ts";
import {
  DAY_MS,
  HOUR_MS,
  type Instant,
  type Milliseconds,
  monthsAfter,
} from "../../core/values/calendar.ts";
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

/** Appends to the empty log of the organization, many events at a time; `at` of each first one. */
const writeAll = async (
  log: EventLog,
  organization: string,
  events: readonly DomainEvent[],
  timeOf: (place: number) => Instant,
): Promise<void> => {
  let head: Head = { position: 0, hash: "" };
  for (let from = 0; from < events.length; from += BATCH) {
    const outcome = await log.append({
      organization,
      expected: head,
      at: timeOf(from),
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
): Promise<void> =>
  await writeAll(log, organization, eventsOf(count, first), (place) => START + place);

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
  await writeAll(log, organization, events, (place) => begin(first) + place);
};

/** For how long numbers are held: hours, days, months and years, and for ever. */
const HELD: readonly Milliseconds[] = [
  2 * HOUR_MS,
  3 * DAY_MS,
  20 * DAY_MS,
  100 * DAY_MS,
  400 * DAY_MS,
  1_000 * DAY_MS,
  Number.POSITIVE_INFINITY,
];
const YEARS = 5;
/** About as many events as one of these numbers has in that time. */
const EVENTS_EACH = 14;

type Timed = { readonly at: Instant; readonly event: DomainEvent };

/** The life of one number of an organization that always gives some back and takes others. */
const timedLifeOf = (index: number, begin: Instant): readonly Timed[] => {
  const holding = holdingOf(index);
  const { e164 } = offerOf(index);
  const [length = Number.POSITIVE_INFINITY] = HELD.slice(index % HELD.length);
  // Few are held for exactly as long as others.
  const end = begin + length * (1 + (index % 101) / 101);
  const last = Math.min(end, START + YEARS * 365 * DAY_MS);
  const assistant = `assistant-${index % 20}`;
  const life: Timed[] = purchase(index, begin).map((event) => ({ at: begin, event }));
  life.push({ at: begin, event: { type: "NumberAssigned", data: { holding, assistant } } });
  for (let month = 2; monthsAfter(begin, month - 1) < last; month += 1) {
    const data = { holding, ...period(holding, month, begin) };
    life.push({ at: monthsAfter(begin, month - 1), event: { type: "Renewed", data } });
  }
  if (end > last) return life;
  const events: readonly DomainEvent[] = [
    { type: "NumberUnassigned", data: { holding, assistant } },
    { type: "ReleaseStarted", data: { holding, why: "byUser" } },
    { type: "Released", data: { holding, e164, source: "managed", why: "byUser" } },
  ];
  return [...life, ...events.map((event) => ({ at: end, event }))];
};

/**
 * Appends `count` events to the empty log of the organization: five years of numbers, most of which
 * were given back, with the names of their assistants, which change every month. Rows and claims
 * are left to a rebuild. Gives the time in the middle.
 */
export const writePast = async (
  log: EventLog,
  organization: string,
  count: number,
): Promise<Instant> => {
  const span = YEARS * 365 * DAY_MS;
  const numbers = Math.ceil(count / EVENTS_EACH);
  const timed: Timed[] = [{ at: START, event: OPENED }];
  for (let month = 0; month < YEARS * 12; month += 1) {
    const at = monthsAfter(START, month);
    for (let index = 0; index < 20; index += 1) {
      const data = { assistant: `assistant-${index}`, name: `Reception ${index} of ${month}` };
      timed.push({ at, event: { type: "AssistantNamed", data } });
    }
  }
  for (let index = 0; index < numbers; index += 1) {
    timed.push(...timedLifeOf(index, Math.floor(START + index * span / numbers)));
  }
  const ordered = timed.toSorted((a, b) => a.at - b.at).slice(0, count);
  const timeOf = (place: number) => Math.floor(ordered[place]?.at ?? START);
  await writeAll(log, organization, ordered.map(({ event }) => event), timeOf);
  return timeOf(Math.floor(ordered.length / 2));
};
