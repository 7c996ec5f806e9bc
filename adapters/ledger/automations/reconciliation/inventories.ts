/** Reads both sides of a reconciliation. */
import * as Effect from "effect/Effect";
import { organizationsOf } from "../../../../core/log/pages.ts";
import { State } from "../../../../core/log/state.ts";
import type { CarrierName } from "../../../../core/ports/carrier.ts";
import { orders, type PlacedOrder } from "../../../../core/number/orders.ts";
import { routes } from "../../../../core/number/routes.ts";
import { numbers } from "../../../../core/number/state.ts";
import type { CarrierError, CarrierNumber, EventLog } from "../../../../core/ports/mod.ts";
import type { Circumstances, OrderOrigin } from "../../../../core/reconciliation/compare.ts";
import { isKeyOf } from "../../../../core/reconciliation/installation.ts";
import { type OurNumber, ourNumberOf } from "../../../../core/reconciliation/our-number.ts";
import type { E164 } from "../../../../core/values/e164.ts";
import { isId } from "../../../../core/values/identity.ts";
import {
  callCarrier,
  type CarrierFailure,
  failCarrier,
  OPERATOR_PARTY,
} from "../../engine/carrier-calls.ts";
import { installationId } from "../../engine/installation.ts";
import { ask, Ports } from "../../engine/services.ts";

const LOOK_UPS = 8;

/** Those of these numbers that the carrier should have, over all organizations. */
export const readOurs = async (
  log: EventLog,
  carrier: CarrierName,
): Promise<ReadonlyMap<E164, OurNumber>> => {
  const needs = { kinds: [numbers.kind, routes.kind] };
  const ours = new Map<E164, OurNumber>();
  for await (const organization of organizationsOf(log)) {
    const state = State.of(await log.load(organization, needs), needs);
    const byHolding = new Map(state.all(routes).map((route) => [route.holding, route]));
    for (const holding of state.all(numbers)) {
      const route = byHolding.get(holding.id);
      const number = ourNumberOf(organization, holding, route, carrier);
      if (number !== null) ours.set(number.e164, number);
    }
  }
  return ours;
};

const endless: CarrierError = {
  kind: "unknown",
  message: "The carrier's inventory has a page that leads back to an earlier one.",
};

/** What was read of a carrier's inventory; `broken` is null when it was read completely. */
type Theirs = {
  readonly numbers: ReadonlyMap<E164, CarrierNumber>;
  readonly broken: CarrierError | null;
};

/** The whole inventory of a carrier, page by page, until a page cannot be read. */
export const readTheirs = Effect.fnUntraced(function* (
  carrier: CarrierName,
): Effect.fn.Return<Theirs, never, Ports> {
  const numbers = new Map<E164, CarrierNumber>();
  const read = new Set<string>();
  const from = (after: string | null): Effect.Effect<void, CarrierFailure, Ports> =>
    Effect.flatMap(
      callCarrier(carrier, OPERATOR_PARTY, "inventory", (port) => port.inventory(after)),
      (page) => {
        for (const number of page.numbers) numbers.set(number.e164, number);
        if (page.next === null) return Effect.void;
        if (read.has(page.next)) return failCarrier(endless);
        read.add(page.next);
        return from(page.next);
      },
    );
  return yield* Effect.match(from(null), {
    onSuccess: (): Theirs => ({ numbers, broken: null }),
    onFailure: ({ kind, message }): Theirs => ({ numbers, broken: { kind, message } }),
  });
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
