/** Reads both sides of a reconciliation. */
import * as Effect from "effect/Effect";
import type * as Result from "effect/Result";
import { assertAdvances } from "../../../../core/log/pages.ts";
import type { CarrierName } from "../../../../core/ports/carrier.ts";
import { orders, type PlacedOrder } from "../../../../core/number/orders.ts";
import { type Route, routes } from "../../../../core/number/routes.ts";
import { type Holding, numbers } from "../../../../core/number/state.ts";
import type {
  Carrier,
  CarrierError,
  CarrierNumber,
  ClaimedRows,
  EventLog,
} from "../../../../core/ports/mod.ts";
import type { Circumstances, OrderOrigin } from "../../../../core/reconciliation/compare.ts";
import { isKeyOf } from "../../../../core/reconciliation/installation.ts";
import { type OurNumber, ourNumberOf } from "../../../../core/reconciliation/our-number.ts";
import { carrierClaim, worldOfCarrier } from "../../../../core/values/claim-key.ts";
import { type E164, isE164 } from "../../../../core/values/e164.ts";
import { isId } from "../../../../core/values/identity.ts";
import { callCarrier, OPERATOR_PARTY } from "../../engine/carrier-calls.ts";
import { installationId } from "../../engine/installation.ts";
import { ask, Ports } from "../../engine/services.ts";

const LOOK_UPS = 8;

/** So many of our numbers are read at a time: an embedded database holds the process for them. */
const PAGE = 250;

/** What a number of ours is read with. */
const KINDS = [numbers.kind, routes.kind];

const oursIn = (page: readonly ClaimedRows[], carrier: CarrierName): readonly OurNumber[] =>
  page.flatMap(({ claim: { organization }, rows }) => {
    const row = (kind: string) => rows.find((one) => one.kind === kind)?.data;
    // The subject of a kind is the only writer of its rows, so they have its type.
    const holding = row(numbers.kind) as Holding | undefined;
    if (holding === undefined) return [];
    const route = row(routes.kind) as Route | undefined;
    return ourNumberOf(organization, holding, route, carrier) ?? [];
  });

/**
 * The numbers that the carrier should have, over all organizations, a page at a time: those with a
 * claim in its world.
 */
export async function* readOurs(
  log: Pick<EventLog, "claims">,
  carrier: CarrierName,
): AsyncGenerator<readonly OurNumber[]> {
  const world = worldOfCarrier(carrier);
  // Keys of numbers begin with `+`, behind which `,` is the next character.
  const [first, below] = [carrierClaim(world, "+"), carrierClaim(world, "+").replace("+", ",")];
  for (let after: string = first;;) {
    const page = await log.claims({ after, below, limit: PAGE }, KINDS);
    yield oursIn(page, carrier);
    const end = page[PAGE - 1]?.claim.key;
    if (end === undefined) return;
    assertAdvances(end > after, "claims", end);
    after = end;
  }
}

/** Ours of these numbers, as they are now. */
export const readOursOf = async (
  log: Pick<EventLog, "claims">,
  carrier: CarrierName,
  theirs: readonly CarrierNumber[],
): Promise<ReadonlyMap<E164, OurNumber>> => {
  const world = worldOfCarrier(carrier);
  const keys = theirs.flatMap(({ e164 }) => isE164(e164) ? [carrierClaim(world, e164)] : []);
  const ours = new Map<E164, OurNumber>();
  for (let place = 0; place < keys.length; place += PAGE) {
    const page = await log.claims(keys.slice(place, place + PAGE), KINDS);
    for (const number of oursIn(page, carrier)) ours.set(number.e164, number);
  }
  return ours;
};

const endless: CarrierError = {
  kind: "unknown",
  message: "The carrier's inventory has a page that leads back to an earlier one.",
};

type Page = Extract<Awaited<ReturnType<Carrier["inventory"]>>, { readonly ok: true }>["value"];
type Asked = Result.Result<Page, CarrierError>;

/**
 * Gives the whole inventory of a carrier to `use`, page by page, until a page cannot be read; then
 * it is why. Null when it was read completely.
 */
export const readTheirs = Effect.fnUntraced(function* (
  carrier: CarrierName,
  use: (page: readonly CarrierNumber[]) => Effect.Effect<void, never, Ports>,
): Effect.fn.Return<CarrierError | null, never, Ports> {
  const read = new Set<string>();
  let after: string | null = null;
  do {
    const from: string | null = after;
    const asked: Asked = yield* Effect.result(
      callCarrier(carrier, OPERATOR_PARTY, "inventory", (port) => port.inventory(from)),
    );
    if (asked._tag === "Failure") {
      const { kind, message } = asked.failure;
      return { kind, message };
    }
    const { numbers: page, next }: Page = asked.success;
    yield* use(page);
    if (next !== null && read.has(next)) return endless;
    if (next !== null) read.add(next);
    after = next;
  } while (after !== null);
  return null;
});

/** What is known of a carrier's order keys. */
type Known = Required<Pick<Circumstances, "origins" | "lost">>;

/**
 * Whose purchases these order keys were for, and which are this installation's although its log
 * knows of no such order; a key that this ledger made no order under is left out.
 */
export const originsOf = Effect.fnUntraced(function* (
  carrier: CarrierName,
  keys: readonly string[],
): Effect.fn.Return<Known, never, Ports> {
  const { log } = yield* Ports;
  const installation = keys.length === 0 ? "" : yield* installationId;
  const origins = new Map<string, OrderOrigin>();
  const lost = new Set<string>();
  // A text that cannot be a key of this ledger may also be one that the log's database rejects.
  yield* Effect.forEach(
    keys.filter(isId),
    (key) =>
      Effect.map(ask(() => log.find(orders.kind, key)), (found) => {
        if (found === null) {
          if (isKeyOf(installation, key)) lost.add(key);
          return;
        }
        const { carrier: name, holding } = found.row.data as PlacedOrder;
        if (name === carrier) origins.set(key, { organization: found.organization, holding });
      }),
    { concurrency: LOOK_UPS, discard: true },
  );
  return { origins, lost };
});
