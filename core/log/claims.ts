import { type Holding, numbers } from "../number/state.ts";
import type { Append, Held, RowKey } from "../ports.ts";
import type { DomainEvent } from "./events.ts";
import type { State } from "./state.ts";

/** The claims that events take and give back (domain: a number has at most one holder). */
export const claimsOf = (events: readonly DomainEvent[]): Pick<Append, "claim" | "free"> => {
  let claim: Held | null = null;
  const free: Held[] = [];
  for (const event of events) {
    switch (event.type) {
      case "PurchaseRequested":
      case "NumberImported":
      case "NumberAdopted":
        claim = { e164: event.data.e164, holder: event.data.holding };
        break;
      case "PurchaseFailed":
      case "Released":
        free.push({ e164: event.data.e164, holder: event.data.holding });
        break;
    }
  }
  return { claim, free };
};

const claimsOn = (holdings: readonly Holding[]): readonly Held[] =>
  holdings
    .filter((number) => number.source === "imported" || number.stage.status !== "failed")
    .map(({ e164, id }) => ({ e164, holder: id }));

/** The claims that an organization has in this state: on every number but those it failed to get. */
export const claimsHeld = (state: State): readonly Held[] => claimsOn(state.all(numbers));

/** Those of them that rest on these rows. */
export const claimsHeldBy = (state: State, rows: readonly RowKey[]): readonly Held[] =>
  claimsOn(
    rows.flatMap(({ kind, key }) => kind === numbers.kind ? state.get(numbers, key) ?? [] : []),
  );
