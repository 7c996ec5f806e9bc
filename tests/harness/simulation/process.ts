/**
 * A process of the simulation: a real ledger, whose every call to a port passes a power switch and
 * the weather. After a crash nothing of it has any effect, and nothing answers it.
 */
import { openTrustedClock, type TrustedClock } from "../../../adapters/clock/trusted.ts";
import { type Ledger, type LedgerOptions, openLedger } from "../../../adapters/ledger/mod.ts";
import type {
  Carrier,
  CarrierError,
  Clock,
  EventLog,
  Ids,
  Notifier,
  Payments,
} from "../../../core/ports/mod.ts";
import type { Instant, Milliseconds } from "../../../core/values/calendar.ts";
import type { ClockMark } from "../../../core/values/clock-trust.ts";
import { failed, ok } from "../../../core/values/result.ts";
import { carrierBy, carrierFails, silence } from "../faulty-carrier.ts";
import type { CarrierBooks } from "./carrier.ts";
import type { PaymentBooks } from "./payments.ts";
import { servicesOn, type Timeline } from "./timeline.ts";
import type { Fault, Weather } from "./weather.ts";

/** The ports that a process calls, before the network is put between. */
export type Outside =
  & Required<
    Pick<LedgerOptions, "log" | "carrier" | "payments" | "notifier" | "clock">
  >
  & {
    /** The machine's clock, which the ledger's own clock does not trust immediately. */
    readonly wall: Clock;
  };

/** Everything that processes share. */
export type World = {
  readonly timeline: Timeline;
  readonly weather: Weather;
  readonly log: EventLog;
  readonly carrier: CarrierBooks;
  readonly payments: PaymentBooks;
  /** Submissions that the reviewers were notified of. */
  readonly notices: Set<string>;
  readonly wallClock: () => Instant;
  /** Whether the log's database has a separate clock, which is right. */
  readonly hasSecondClock: boolean;
  /** Until when the last process ran, where the database does not record it. */
  mark: ClockMark | null;
  readonly ids: Ids;
  /** Whether the process ends at this place, before or after a call to a port. */
  readonly crashesAt: (place: string) => boolean;
  /** Whether ledgers reconcile daily. */
  readonly reconciles: boolean;
  /** Changes what the ledger sees of the ports: how a fault is planted. */
  readonly plant: (outside: Outside) => Outside;
  /** Called with what the ledger reports. */
  readonly report: (what: string, error: unknown) => void;
};

/** How often a worker looks for work: a length that no other sleep has. */
const IDLE_MS: Milliseconds = 1_009;
const WAIT_MS: Milliseconds = 2_000;

/** The answer where a fault occurs; it may throw. `null`: there is never one. */
type Instead<Value> = (() => Value) | null;

/** Faults that may occur at a place, with how their answer is drawn. */
type Strikes<Value> = readonly (readonly [Fault, () => Instead<Value>])[];

/** The faults of one kind of call. */
type Faults<Value> = { readonly before: Strikes<Value>; readonly after: Strikes<Value> };

type Announced = Awaited<ReturnType<Notifier["announce"]>>;

/** A running ledger. */
export class Process {
  readonly ledger: Ledger;
  #isOn = true;
  /** Calls to ports that will still be answered. */
  #inFlight = 0;
  readonly #world: World;
  readonly #clock: TrustedClock;
  /** By how much its wall clock is wrong now. */
  #jumped: Milliseconds = 0;
  #switchOff: () => void = () => {};
  /** Answers when the process has ended. */
  readonly ended = new Promise<null>((resolve) => {
    this.#switchOff = () => resolve(null);
  });

  constructor(world: World) {
    this.#world = world;
    const { timeline, ids, report, plant } = world;
    const wall = { now: () => world.wallClock() + this.#jumped };
    this.#clock = openTrustedClock({
      wall: wall.now,
      monotonic: () => timeline.now,
      second: world.hasSecondClock ? timeline.now : null,
      mark: world.mark,
    });
    this.ledger = openLedger({
      ...plant({
        wall,
        clock: this.#clock,
        log: this.#log(),
        carrier: this.#carrier(),
        payments: this.#payments(),
        notifier: this.#notifier(),
      }),
      ids,
      waitMs: WAIT_MS,
      recoveryMs: IDLE_MS,
      reconcilesDaily: world.reconciles,
      orphans: { kind: "release" },
      report,
      services: servicesOn(timeline, IDLE_MS, () => this.#isOn),
    });
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Whether it waits for no port. */
  get isIdle(): boolean {
    return this.#inFlight === 0;
  }

  /** By how much its wall clock is wrong, and for how long. */
  jump(by: Milliseconds, forMs: Milliseconds): void {
    this.#jumped = by;
    this.#world.timeline.after(forMs, () => {
      this.#jumped = 0;
    });
  }

  /** Switches the process off. */
  end(): void {
    if (!this.#world.hasSecondClock) this.#world.mark = this.#clock.mark();
    this.#isOn = false;
    this.#inFlight = 0;
    this.#switchOff();
  }

  #crashes(place: string): boolean {
    if (this.#world.crashesAt(place)) this.end();
    return !this.#isOn;
  }

  /** The answer instead, if a fault occurs; undefined if none does. */
  #struck<Value>(strikes: Strikes<Value>): Instead<Value> | undefined {
    return strikes.find(([fault]) => this.#world.weather.strikes(fault))?.[1]();
  }

  /** One call to a port: there, the effect, and back. */
  #call<Value>(
    place: string,
    effect: () => Value | Promise<Value>,
    faults: Faults<Value>,
  ): Promise<Value> {
    const { timeline, weather } = this.#world;
    const port = place.slice(0, place.indexOf("."));
    return new Promise((resolve, reject) => {
      const settle = (give: () => Value) => {
        if (!this.#isOn) return;
        this.#inFlight--;
        try {
          resolve(give());
        } catch (error) {
          reject(error);
        }
      };
      const answer = (give: Instead<Value>) => {
        if (give === null) this.#inFlight--;
        else timeline.after(weather.back(port), () => settle(give));
      };
      const arrive = async () => {
        if (!this.#isOn || this.#crashes(`before ${place}`)) return;
        const lost = this.#struck(faults.before);
        if (lost !== undefined) return answer(lost);
        const value = await effect();
        if (this.#crashes(`after ${place}`)) return;
        const unheard = this.#struck(faults.after);
        answer(unheard === undefined ? () => value : unheard);
      };
      this.#inFlight++;
      timeline.after(weather.there(port), () => void arrive().catch(reject));
    });
  }

  #log(): EventLog {
    const { log } = this.#world;
    const read = <Value>(place: string, effect: () => Promise<Value>): Promise<Value> =>
      this.#call(`log.${place}`, effect, { before: [["log fails", () => silence]], after: [] });
    return {
      load: (organization, needs) => read("load", () => log.load(organization, needs)),
      append: (input) =>
        this.#call(`log.append ${input.events[0]?.type}`, () => log.append(input), {
          before: [["log fails", () => silence]],
          after: [["log answer lost", () => silence]],
        }),
      events: (...input) => read("events", () => log.events(...input)),
      eventsBeginning: (...input) => read("eventsBeginning", () => log.eventsBeginning(...input)),
      eventsAbout: (...input) => read("eventsAbout", () => log.eventsAbout(...input)),
      find: (...input) => read("find", () => log.find(...input)),
      rowsOf: (...input) => read("rowsOf", () => log.rowsOf(...input)),
      claims: (...input) => read("claims", () => log.claims(...input)),
      list: (...input) => read("list", () => log.list(...input)),
      due: (...input) => read("due", () => log.due(...input)),
      nextDue: (after) => read("nextDue", () => log.nextDue(after)),
      heads: (...input) => read("heads", () => log.heads(...input)),
      scan: (...input) => read("scan", () => log.scan(...input)),
      rebuild: (work) => log.rebuild(work),
      replaceRows: (...input) => read("replaceRows", () => log.replaceRows(...input)),
      // No run may depend on notifications.
      watch: () => () => {},
      close: () => Promise.resolve(),
    };
  }

  #carrier(): Carrier {
    const { carrier, weather } = this.#world;
    const fails = (kind: CarrierError["kind"]) => () => carrierFails(kind);
    const silent = () => weather.tape.one([fails("unknown"), silence, null]);
    return carrierBy(
      carrier.asCarrier(weather.settlingMs),
      (name, make) =>
        this.#call(`carrier.${name}`, make, {
          before: [
            ["carrier unreachable", () => fails("unreachable")],
            ["carrier silent before", silent],
          ],
          after: [["carrier silent after", silent]],
        }),
    );
  }

  #payments(): Payments {
    const { payments, weather } = this.#world;
    const silent = () => weather.tape.one([() => "unknown" as const, silence, null]);
    const faults = {
      before: [["payment silent before", silent] as const],
      after: [["payment silent after", silent] as const],
    };
    return {
      charge: (charge) => this.#call("payments.charge", () => payments.charge(charge), faults),
      refund: (key) => this.#call("payments.refund", () => payments.refund(key), faults),
    };
  }

  #notifier(): Notifier {
    const { notices } = this.#world;
    return {
      announce: ({ id }) =>
        this.#call<Announced>("notifier.announce", () => {
          notices.add(id);
          return ok({ jobId: id });
        }, {
          before: [["notice fails", () => () => failed({ message: "HTTP 503" })]],
          after: [],
        }),
    };
  }
}
