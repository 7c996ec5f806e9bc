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

const offerOf = (index: number): Offer & { features: ("voice" | "sms")[] } => ({
  e164: numberAt(FIRST_NUMBER + index),
  type: "local",
  country: "US",
  setup: money(1_000_000),
  monthly: money(1_000_000),
  features: ["voice", "sms"],
  region: { state: "CA", locality: "San Francisco", rateCenter: "SNFC CNTRL" },
});

const period = (holding: string, index: number) => ({
  period: index,
  from: monthsAfter(START, index - 1),
  to: monthsAfter(START, index),
  amount: money(1_000_000),
  chargeKey: chargeKey(holding, index),
  paidFrom: "subscription" as const,
});

const purchase = (holding: string, index: number): readonly DomainEvent[] => {
  const offer = offerOf(index);
  const seen = [1, 2, 3].map((next) => offerOf((index + next) % SHOWN));
  const filters = { country: "US", type: "local", areaCode: "415", limit: 4 } as const;
  const routing = { direction: "both", label: null, template: null } as const;
  return [
    { type: "NumberSearched", data: { carrier: "sandbox", filters, offers: [offer, ...seen] } },
    {
      type: "PurchaseRequested",
      data: {
        holding,
        ...offer,
        carrier: "sandbox",
        connection: null,
        orderKey: `od_${index}`,
        paidFrom: "subscription",
        debited: money(0),
        ...routing,
      },
    },
    {
      type: "NumberPurchased",
      data: {
        holding,
        carrierId: `sandbox_${offer.e164.slice(1)}_${index}`,
        term: { kind: "monthly", ...period(holding, 1) },
      },
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
  const holding = `pn_${String(index).padStart(26, "0")}`;
  const assistant = `assistant-${index % 20}`;
  const { e164 } = offerOf(index);
  const released = { holding, e164, source: "managed", why: "byUser" } as const;
  const months = Array.from({ length: MONTHS - 1 }, (_, month) => period(holding, month + 2));
  return [
    ...purchase(holding, index),
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

const eventsOf = (count: number, first: number): readonly DomainEvent[] => {
  const events: DomainEvent[] = [
    { type: "OrganizationOpened", data: { name: "Acme", plan: UNLIMITED } },
  ];
  for (let index = first; events.length < count; index++) events.push(...lifeOf(index));
  return events;
};

/**
 * Appends at least `count` events to the empty log of the organization, many at a time: the
 * lifecycles of the numbers from index `first` on. Rows and claims are left to a rebuild.
 */
export const writeLog = async (
  log: EventLog,
  organization: string,
  count: number,
  first = 0,
): Promise<void> => {
  const events = eventsOf(count, first);
  let head: Head = { position: 0, hash: "" };
  for (let from = 0; from < events.length; from += BATCH) {
    const outcome = await log.append({
      organization,
      expected: head,
      at: START + from,
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
