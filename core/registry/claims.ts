import { type Holding, numbers, worldOf } from "../number/state.ts";
import type { Append, HeldClaim, RowKey } from "../ports/mod.ts";
import { carrierClaim, type ClaimKey, importClaim, worldOfCarrier } from "../values/claim-key.ts";
import type { DomainEvent } from "../events/vocabulary.ts";
import type { State } from "../log/state.ts";
import { isOfLife } from "../number/facts.ts";
import { unreachable } from "../values/unreachable.ts";

/**
 * The keys that a holding claims (core/README.md, Rules: one holder, in each world). A
 * purchase has the number at its carrier from its request on; once the carrier has confirmed it, it
 * keeps importers away by their key too. A failed purchase claims nothing.
 */
const keysOf = (number: Holding): readonly ClaimKey[] => {
  const { e164 } = number;
  const [sold, imported] = [
    carrierClaim(worldOf(number), e164),
    importClaim(worldOf(number), e164),
  ];
  if (number.source === "imported") return [imported];
  switch (number.stage.status) {
    case "failed":
      return [];
    case "purchasing":
      return [sold];
    case "active":
    case "suspended":
    case "releasing":
      return [sold, imported];
    default:
      return unreachable(number.stage);
  }
};

/**
 * The claims that events take and give back. `before` is the state that the events follow, with the
 * rows that they touch.
 *
 * @example
 * ```ts
 * import { claimsOf, State } from "ledgerline/core";
 *
 * const { claims, free } = claimsOf([], State.empty());
 * ```
 */
export const claimsOf = (
  events: readonly DomainEvent[],
  before: State,
): Pick<Append, "claims" | "free"> => {
  const claims: HeldClaim[] = [];
  const free: HeldClaim[] = [];
  for (const event of events) {
    if (!isOfLife(event)) continue;
    switch (event.type) {
      case "PurchaseRequested": {
        const { carrier, e164, holding: holder } = event.data;
        claims.push({ key: carrierClaim(worldOfCarrier(carrier), e164), holder });
        break;
      }
      // The carrier keeps it for us already: that is what a purchase claims with its confirmation.
      case "NumberAdopted": {
        const { carrier, e164, holding: holder } = event.data;
        const world = worldOfCarrier(carrier);
        claims.push({ key: carrierClaim(world, e164), holder });
        claims.push({ key: importClaim(world, e164), holder });
        break;
      }
      case "NumberImported": {
        const { world, e164, holding: holder } = event.data;
        claims.push({ key: importClaim(world, e164), holder });
        break;
      }
      case "NumberPurchased": {
        const number = before.get(numbers, event.data.holding);
        if (number === undefined) break;
        claims.push({ key: importClaim(worldOf(number), number.e164), holder: number.id });
        break;
      }
      case "PurchaseFailed":
      case "Released": {
        const number = before.get(numbers, event.data.holding);
        if (number !== undefined) free.push(...claimsOn([number]));
        break;
      }
      // It failed before, and has no claims since then.
      case "PurchaseDismissed":
        break;
      default:
        unreachable(event);
    }
  }
  return { claims, free };
};

const claimsOn = (holdings: readonly Holding[]): readonly HeldClaim[] =>
  holdings.flatMap((number) => keysOf(number).map((key) => ({ key, holder: number.id })));

/**
 * The claims that an organization has in this state: on every number but those it failed to get.
 *
 * @example
 * ```ts
 * import { claimsHeld, State } from "ledgerline/core";
 *
 * const held = claimsHeld(State.empty());
 * ```
 */
export const claimsHeld = (state: State): readonly HeldClaim[] => claimsOn(state.all(numbers));

/** Those of them that rest on these rows. */
export const claimsHeldBy = (state: State, rows: readonly RowKey[]): readonly HeldClaim[] =>
  claimsOn(
    rows.flatMap(({ kind, key }) => kind === numbers.kind ? state.get(numbers, key) ?? [] : []),
  );
