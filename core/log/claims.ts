import { numbers } from "../number/state.ts";
import type { Append } from "../ports.ts";
import type { E164 } from "../values/e164.ts";
import type { DomainEvent } from "./events.ts";
import type { State } from "./state.ts";

type Held = { readonly e164: E164; readonly holder: string };

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

/** The claims that an organization has in this state: on every number but those it failed to get. */
export const claimsHeld = (state: State): readonly Held[] =>
  state.all(numbers)
    .filter((number) => number.source === "imported" || number.stage.status !== "failed")
    .map(({ e164, id }) => ({ e164, holder: id }));
