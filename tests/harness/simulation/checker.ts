/**
 * What must hold after every step of a run. It is computed from the events alone as they are
 * appended, and compared with the rows that came with them and with the books of the carrier.
 */
import { PAST, pastRows } from "../../../adapters/ledger/engine/past-rows.ts";
import { claimsOf } from "../../../core/registry/claims.ts";
import type { Fact } from "../../../core/events/vocabulary.ts";
import { toFact } from "../../../core/events/vocabulary.ts";
import { fold } from "../../../core/registry/replay.ts";
import { State } from "../../../core/log/state.ts";
import { SUBJECTS } from "../../../core/registry/subjects.ts";
import { charges } from "../../../core/number/charges.ts";
import { type Holding, type Managed, numbers } from "../../../core/number/state.ts";
import type {
  Append,
  AppendOutcome,
  Charge,
  RowChange,
  WrittenRow,
} from "../../../core/ports/mod.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import type { ClaimKey } from "../../../core/values/claim-key.ts";
import type { CarrierBooks, Sale } from "./carrier.ts";
import { demand, Violation } from "./rules.ts";
import { checkTime } from "./punctual.ts";
import { checkNoted, checkRoutes, type Served } from "./routes.ts";

export { demand, type RuleName, RULES, Violation } from "./rules.ts";

/** A period that was opened, and how it was paid for. */
type Opened = Pick<Extract<Fact, { type: "Renewed" }>["data"], "chargeKey" | "amount" | "paidFrom">;

/** What one organization's events add up to. */
type Book = {
  readonly facts: Fact[];
  readonly state: State;
  readonly commands: Set<string>;
  /** How often credits were asked for, and added; a repeated request does not count again. */
  readonly credits: { asked: number; added: number };
};

/** A number that this holding has from a carrier, in use or on its way back. */
const carrierIdOf = ({ stage }: Managed): string | null =>
  stage.status === "purchasing" || stage.status === "failed" ? null : stage.carrierId;

const isInUse = ({ stage }: Managed): boolean =>
  stage.status === "active" || stage.status === "suspended";

const isManaged = (number: Holding): number is Managed => number.source === "managed";

/** Follows every append and every change at the carrier. */
export class Checker {
  readonly #books = new Map<string, Book>();
  readonly #holders = new Map<ClaimKey, string>();
  /** Charge keys that opened a period, with what it costs in micros. */
  readonly #opened = new Map<string, number>();
  /** Holdings by the key that their number is ordered under. */
  readonly #orders = new Map<string, { readonly organization: string; readonly holding: string }>();

  readonly #carrier: () => CarrierBooks;
  readonly #served: Served = (carrierId) => this.#carrier().served(carrierId);
  readonly #now: () => Instant;
  /** Whether another program may attach routes that we detached. */
  readonly #moves: boolean;

  /** `now` is the real time; `moves` says whether another program may attach what we detached. */
  constructor(carrier: () => CarrierBooks, now: () => Instant, moves: boolean) {
    this.#carrier = carrier;
    this.#now = now;
    this.#moves = moves;
  }

  /** The organizations that have events. */
  organizations(): readonly string[] {
    return [...this.#books.keys()];
  }

  /** All facts of an organization so far. */
  facts(organization: string): readonly Fact[] {
    return this.#book(organization).facts;
  }

  /** The state that an organization's facts lead to. */
  state(organization: string): State {
    return this.#book(organization).state;
  }

  /** The operator asks for credits, for the first time. */
  asksForCredits(organization: string): void {
    this.#book(organization).credits.asked++;
  }

  /** An append was committed. */
  appended(input: Append, outcome: AppendOutcome): void {
    if (outcome.outcome !== "appended") return;
    const { organization, command } = input;
    const { facts, state, commands } = this.#book(organization);
    if (command !== null) {
      demand(!commands.has(command.id), "command once", () => command.id);
      commands.add(command.id);
    }
    const past: WrittenRow[] = [];
    for (const event of outcome.events) {
      const fact = toFact(event);
      past.push(...pastRows(state, fact, event.position));
      facts.push(fact);
      checkTime(state, fact, this.#now());
      this.#claim(fact, state);
      fold(state, fact);
      this.#follow(organization, fact);
      if (!this.#moves) checkNoted(state, fact, this.#served);
    }
    for (const row of input.rows) if (!isPast(row)) checkRow(state, row);
    checkPast(past, input.rows.filter(isPast));
    for (const { key, holder } of input.free) {
      const isOver = this.#holders.get(key) !== holder;
      demand(isOver, "claims are kept", () => `${holder} still has ${key}`);
    }
  }

  /**
   * Compares who owns what here and at the carrier. A number that the carrier took away silently
   * may stay here until it is reconciled; where that is more than one number, reconciliation may
   * leave it to the operator.
   */
  checkOwnership(kept: readonly Sale[], isReconciled: boolean): void {
    for (const sale of kept) this.#checkSale(sale, kept);
    const missing = [...this.#books.keys()].flatMap((organization) =>
      this.state(organization).all(numbers).filter(isManaged).filter(isInUse)
    ).filter((number) =>
      !kept.some(({ carrierId, e164 }) => carrierId === carrierIdOf(number) && e164 === number.e164)
    );
    for (const number of missing) {
      const isExcused = this.#isLost(number) && (!isReconciled || missing.length > 1);
      const message = () => `${number.e164} of ${number.id} is not at the carrier`;
      demand(isExcused, "owned there", message);
    }
  }

  /** Compares what numbers are attached to with whether they serve. */
  checkRoutes(): void {
    for (const { state } of this.#books.values()) checkRoutes(state, this.#served);
  }

  /** The payments provider takes money now. */
  charged({ organization, key, amount }: Charge): void {
    const charge = this.state(organization).get(charges, key);
    const isAsked = charge?.status === "started" && charge.amount.micros === amount.micros;
    demand(isAsked, "intent first", () => `${key} is ${charge?.status ?? "unknown"} here`);
  }

  /** Compares the money that was taken, and not given back, with what it was taken for. */
  checkMoney(paid: ReadonlyMap<string, Charge>): void {
    for (const [key, { organization, amount }] of paid) {
      const price = this.#opened.get(key);
      const isOpen = this.state(organization).get(charges, key) !== undefined;
      const isRight = price === undefined ? isOpen : price === amount.micros;
      demand(isRight, "charges have periods", () => `${amount.micros} was taken for ${key}`);
    }
    for (const key of this.#opened.keys()) {
      demand(paid.has(key), "periods are paid", () => `nothing was taken for ${key}`);
    }
  }

  /** The carrier takes this number back now. */
  released({ key, e164 }: Sale): void {
    const order = this.#orders.get(key);
    if (order === undefined) {
      throw new Violation("others are left alone", `${e164} of another program is released`);
    }
    const open = this.state(order.organization).all(charges)
      .find(({ holding }) => holding === order.holding);
    demand(
      open === undefined,
      "settled before release",
      () => `${order.holding} goes back, and ${open?.key} is ${open?.status}`,
    );
  }

  #book(organization: string): Book {
    let book = this.#books.get(organization);
    if (book === undefined) {
      const credits = { asked: 0, added: 0 };
      book = { facts: [], state: State.empty(), commands: new Set(), credits };
      this.#books.set(organization, book);
    }
    return book;
  }

  #follow(organization: string, { type, data }: Fact): void {
    switch (type) {
      case "PurchaseRequested":
        this.#orders.set(data.orderKey, { organization, holding: data.holding });
        break;
      case "ReleaseStarted":
        if (data.why === "carrierLostIt") this.#giveUp(organization, data.holding);
        break;
      case "Renewed":
        this.#open(data);
        break;
      case "NumberPurchased":
        if (data.term.kind === "monthly") this.#open(data.term);
        break;
      case "CreditsAdded": {
        const { credits } = this.#book(organization);
        const more = `${++credits.added} times, asked for ${credits.asked} times`;
        demand(credits.added <= credits.asked, "command once", () => `credits are added ${more}`);
        break;
      }
      default:
        break;
    }
  }

  #claim(fact: Fact, before: State): void {
    const { claims, free } = claimsOf([fact], before);
    for (const { key, holder } of free) {
      if (this.#holders.get(key) === holder) this.#holders.delete(key);
    }
    for (const claim of claims) {
      const holder = this.#holders.get(claim.key);
      const both = () => `${claim.key}: ${holder} and ${claim.holder}`;
      demand(holder === undefined, "one holder", both);
      this.#holders.set(claim.key, claim.holder);
    }
  }

  #giveUp(organization: string, holding: string): void {
    const number = this.state(organization).get(numbers, holding);
    const isLost = number !== undefined && isManaged(number) && this.#isLost(number);
    demand(isLost, "no number is given up", () => `${holding} is still at the carrier`);
  }

  #isLost(number: Managed): boolean {
    const carrierId = carrierIdOf(number);
    return carrierId !== null && this.#carrier().hasLost(carrierId);
  }

  #open({ chargeKey, amount, paidFrom }: Opened): void {
    if (paidFrom === "subscription") this.#opened.set(chargeKey, amount.micros);
  }

  #checkSale({ key, e164, carrierId, status }: Sale, kept: readonly Sale[]): void {
    const sameKey = kept.filter((other) => other.key === key).length;
    demand(sameKey === 1, "ordered once", () => `${sameKey} numbers under the key ${key}`);
    const order = this.#orders.get(key);
    if (order === undefined) {
      throw new Violation(
        "recorded here",
        `${e164} was ordered under ${key}, which no holding has`,
      );
    }
    const number = this.state(order.organization).get(numbers, order.holding);
    const owner = number !== undefined && isManaged(number) ? number : null;
    const isAwaited = owner?.stage.status === "purchasing" ||
      (owner !== null && carrierIdOf(owner) === carrierId);
    const here = owner?.stage.status ?? "released";
    demand(
      isAwaited,
      "recorded here",
      () => `${e164} is ${status} there, ${order.holding} ${here}`,
    );
  }
}

const isPast = ({ kind }: RowChange): boolean => (Object.values(PAST) as string[]).includes(kind);

/** Whether the rows of the past that were written are those to which the events lead. */
const checkPast = (past: readonly WrittenRow[], written: readonly RowChange[]): void => {
  const wanted = past.map((row) => JSON.stringify({ change: "put", ...row }));
  const same = written.every((row) => wanted.includes(JSON.stringify(row))) &&
    new Set(written.map(({ kind, key }) => `${kind} ${key}`)).size ===
      new Set(past.map(({ kind, key }) => `${kind} ${key}`)).size;
  demand(same, "rows are the fold", () => `rows of the past: ${JSON.stringify(written)}`);
};

/** Whether the row that was written is the row of the state. */
const checkRow = (state: State, row: RowChange): void => {
  const subject = SUBJECTS.find(({ kind }) => kind === row.kind);
  if (row.change === "removeBelow") {
    const kept = subject === undefined ? [] : state.changes([subject]);
    const isRight = kept.every(({ change, key }) => change !== "put" || key >= row.key);
    return demand(isRight, "rows are the fold", () => `${row.kind} has rows below ${row.key}`);
  }
  const data = subject === undefined ? undefined : state.get(subject, row.key);
  const work = data === undefined ? null : subject?.work?.(data) ?? null;
  const written = row.change === "put" ? [row.data, row.work] : [null, null];
  const same = JSON.stringify([data ?? null, work]) === JSON.stringify(written);
  demand(same, "rows are the fold", () => `${row.kind} ${row.key}: ${JSON.stringify(written[0])}`);
};
