/**
 * The carrier of the simulation: it does exactly what `core/ports/carrier.ts` promises, and no
 * more. It takes the same order twice, takes and shows orders late, and never forgets what it was
 * paid for.
 */
import type { Cancellation } from "../../../core/ports/carrier.ts";
import type {
  Carrier,
  CarrierError,
  CarrierNumber,
  Offer,
  Order,
} from "../../../core/ports/mod.ts";
import type { Instant, Milliseconds } from "../../../core/values/calendar.ts";
import type { E164 } from "../../../core/values/e164.ts";
import { ok, type Result } from "../../../core/values/result.ts";
import { offerOf } from "../arbitraries/contents.ts";
import { carrierFails } from "../faulty-carrier.ts";
import { FOR_SALE } from "./inventory.ts";
import type { Timeline } from "./timeline.ts";
import { MOST_THERE_MS, type Weather } from "./weather.ts";

/** The order under a key, and its outcome. */
export type Sale = {
  readonly key: string;
  readonly e164: E164;
  readonly carrierId: string;
  readonly shownFrom: Instant;
  connectionId: string | null;
  /** What it was attached to when it was bought, and is to be as long as it serves. */
  readonly boughtFor: string | null;
  status: "pending" | "active" | "failed" | "released" | "lost";
  readonly why: "notAvailable" | "refused" | null;
};

type Asked = { readonly key: string; readonly e164: E164; readonly connectionId: string | null };

const isKept = ({ status }: Sale): boolean => status === "pending" || status === "active";

/** A number that another program keeps in the same account: we must not touch it. */
const THEIRS: Sale = {
  key: "theirs",
  e164: "+14155550999",
  carrierId: "theirs",
  shownFrom: 0,
  connectionId: null,
  boughtFor: null,
  status: "active",
  why: null,
};

/** The connection that the account puts numbers on which are ordered for none. */
const ACCOUNT = "account";

/**
 * A number of whose buyers the carrier wants documents: a pending order of it waits for a review.
 */
const REGULATED: E164 = "+442071838750";

/** Why a pending order failed: where documents are reviewed, they were declined. */
const declinedFor = (e164: E164) => e164 === REGULATED ? "requirementsMissing" : "refused";

const orderOf = ({ status, why, carrierId, e164 }: Sale): Order => {
  switch (status) {
    case "pending":
      return e164 === REGULATED ? { status, waitsFor: "review" } : { status };
    case "failed":
      return { status, reason: why ?? declinedFor(e164), message: `The order is ${why}.` };
    case "active":
    case "released":
    case "lost":
      return { status: "confirmed", carrierId };
  }
};

/** An observer: notified of a number before its release, and whenever the books have changed. */
type Observer = { readonly released: (sale: Sale) => void; readonly changed: () => void };

/** The carrier's own books. */
export class CarrierBooks {
  readonly sales: Sale[] = [];
  readonly #pending: (() => void)[] = [];
  readonly #strangers = new Set<E164>();
  readonly #timeline: Timeline;
  readonly #weather: Weather;
  readonly #observer: Observer;

  constructor(timeline: Timeline, weather: Weather, observer: Observer) {
    this.#timeline = timeline;
    this.#weather = weather;
    this.#observer = observer;
  }

  /** The same books as calls to a carrier, none of which fails. */
  asCarrier(settlingMs: Milliseconds): Carrier {
    return {
      name: "sandbox",
      settlingMs,
      search: async ({ limit }) => ok(this.offers().slice(0, limit)),
      quote: async (e164) => ok(this.offers().find((offer) => offer.e164 === e164) ?? null),
      order: async (asked) => {
        const order = this.send(asked);
        return order === null ? carrierFails("unknown") : ok(order);
      },
      findOrder: async (key) => ok(this.find(key)),
      cancel: async (key) => ok(this.cancel(key)),
      findNumber: async (e164) => ok(this.shown().find((number) => number.e164 === e164) ?? null),
      inventory: async () => ok({ numbers: this.shown(), next: null }),
      has: async ({ carrierId }) => ok(this.has(carrierId)),
      connect: async ({ carrierId }, connectionId) => ok(this.connect(carrierId, connectionId)),
      suspend: ({ carrierId }) => this.#changed(carrierId, "suspended", null),
      resume: ({ carrierId }, { connectionId }) =>
        this.#changed(carrierId, "resumed", connectionId ?? undefined),
      release: async ({ carrierId }) => ok(this.release(carrierId)),
    };
  }

  /** What the carrier has in its keeping for us, and is paid for. */
  kept(): readonly Sale[] {
    return this.sales.filter(isKept);
  }

  offers(): readonly Offer[] {
    return FOR_SALE.filter((e164) => this.#isForSale(e164)).map(offerOf);
  }

  /** Another customer buys this number for a while, if it is for sale. */
  sellToStranger(e164: E164, until: Instant): void {
    if (!this.#isForSale(e164)) return;
    this.#strangers.add(e164);
    this.#timeline.after(until - this.#timeline.now, () => this.#strangers.delete(e164));
  }

  /**
   * An order was sent. It arrives now, or some time within the settling time; then `null`: the
   * outcome is not known yet.
   */
  send(asked: Asked): Order | null {
    const { settlingMs, tape } = this.#weather;
    const leftMs = settlingMs - MOST_THERE_MS;
    if (!this.#weather.strikes("order taken late")) return this.#take(asked, leftMs);
    const late = tape.below(leftMs);
    this.#timeline.after(late, () => this.#take(asked, leftMs - late));
    return null;
  }

  /** All pending orders end. */
  endPending(): void {
    for (const end of this.#pending) end();
  }

  /** The order of this key as look-ups show it now. */
  find(key: string): Order | null {
    const shown = this.sales.filter((sale) => sale.key === key && this.#isShown(sale));
    const sale = shown.find(({ status }) => status !== "failed") ?? shown[0];
    return sale === undefined ? null : orderOf(sale);
  }

  /** Cancels what is pending under this key, or now and then does not. */
  cancel(key: string): Cancellation {
    const order = this.find(key);
    if (order === null) return "none";
    if (order.status !== "pending") return order.status === "confirmed" ? "filled" : "cancelled";
    if (this.#weather.tape.chance(200)) return "open";
    for (const sale of this.sales) {
      if (sale.key === key && sale.status === "pending") sale.status = "failed";
    }
    this.#observer.changed();
    return "cancelled";
  }

  /** What the carrier keeps in our account, as its inventory shows it now. */
  shown(): readonly CarrierNumber[] {
    const ours = this.kept().filter((sale) => this.#isShown(sale));
    return [THEIRS, ...ours].map((sale) => ({
      e164: sale.e164,
      carrierId: sale.carrierId,
      status: sale.status === "active" ? "active" : "pending",
      orderKey: sale.key,
      connectionId: sale.connectionId,
      attached: sale.connectionId !== null,
    }));
  }

  /** A number that it keeps in service for us, under this id. */
  served(carrierId: string): Sale | undefined {
    const sale = this.#keptAs(carrierId);
    return sale?.status === "active" ? sale : undefined;
  }

  /** Another program attaches one of our numbers again that is detached. */
  move(): void {
    const detached = this.kept().filter(({ connectionId }) => connectionId === null);
    const sale = detached[this.#weather.tape.below(detached.length)];
    if (sale !== undefined) sale.connectionId = sale.boughtFor;
  }

  has(carrierId: string): boolean {
    return this.#keptAs(carrierId) !== undefined;
  }

  connect(carrierId: string, connectionId: string): "connected" | "gone" {
    const sale = this.#keptAs(carrierId);
    if (sale === undefined) return "gone";
    sale.connectionId = connectionId;
    return "connected";
  }

  /**
   * A change of a route was sent; `undefined` leaves it as it is. It arrives now, or some time
   * within the settling time; then the outcome is not known yet.
   */
  async #changed<Done extends string>(
    carrierId: string,
    done: Done,
    connectionId: string | null | undefined,
  ): Promise<Result<Done | "gone", CarrierError>> {
    const { settlingMs, tape } = this.#weather;
    const change = (): Done | "gone" => {
      const sale = this.#keptAs(carrierId);
      if (sale === undefined) return "gone";
      if (connectionId !== undefined) sale.connectionId = connectionId;
      return done;
    };
    if (!this.#weather.strikes("route changed late")) return ok(change());
    this.#timeline.after(tape.below(settlingMs - MOST_THERE_MS), change);
    return carrierFails("unknown");
  }

  /** Takes one of our numbers away silently. */
  lose(): void {
    const active = this.kept().filter(({ status }) => status === "active");
    const sale = active[this.#weather.tape.below(active.length)];
    if (sale !== undefined) sale.status = "lost";
  }

  /** Whether it took this number away. */
  hasLost(carrierId: string): boolean {
    return this.sales.some((sale) => sale.carrierId === carrierId && sale.status === "lost");
  }

  release(carrierId: string): "released" | "gone" {
    if (carrierId === THEIRS.carrierId) this.#observer.released(THEIRS);
    const sale = this.#keptAs(carrierId);
    if (sale === undefined) return "gone";
    this.#observer.released(sale);
    sale.status = "released";
    this.#observer.changed();
    return "released";
  }

  #keptAs(carrierId: string): Sale | undefined {
    return this.kept().find((sale) => sale.carrierId === carrierId);
  }

  #isShown({ shownFrom }: Sale): boolean {
    return shownFrom <= this.#timeline.now;
  }

  #isForSale(e164: E164): boolean {
    return !this.#strangers.has(e164) && !this.kept().some((sale) => sale.e164 === e164);
  }

  /** The order arrives; look-ups show it within what is left of the settling time. */
  #take({ key, e164, connectionId }: Asked, leftMs: number): Order {
    const { tape } = this.#weather;
    const why = this.#isForSale(e164)
      ? this.#weather.strikes("order refused") ? "refused" as const : null
      : "notAvailable" as const;
    const seenLate = this.#weather.strikes("order seen late");
    const sale: Sale = {
      key,
      e164,
      carrierId: `c${this.sales.length}`,
      shownFrom: this.#timeline.now + (seenLate ? tape.below(leftMs) : 0),
      connectionId: connectionId ?? ACCOUNT,
      boughtFor: connectionId ?? ACCOUNT,
      status: why === null ? "active" : "failed",
      why,
    };
    this.sales.push(sale);
    if (why === null && this.#weather.strikes("order pending")) this.#delay(sale);
    this.#observer.changed();
    return orderOf(sale);
  }

  #delay(sale: Sale): void {
    sale.status = "pending";
    const comesToNothing = this.#weather.tape.chance(300);
    const end = () => {
      if (sale.status !== "pending") return;
      sale.status = comesToNothing ? "failed" : "active";
      this.#observer.changed();
    };
    this.#pending.push(end);
    this.#timeline.after(this.#weather.pendingFor(), end);
  }
}
