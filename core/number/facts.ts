/**
 * Which events are a number's, and those that begin and end it. What changes its stage is in
 * `stage.ts`, and what changes anything else in `details.ts`.
 */
import type { EventType, TypeWith } from "../events/vocabulary.ts";

/** About a wish for a number's route at the carrier: that is in its own row (`routes.ts`). */
export type WishType = TypeWith<{ readonly wish: number }>;

/** Every other event of a number touches its row. */
export type NumberEventType = Exclude<TypeWith<{ readonly holding: string }>, WishType>;

export const BEGINNING = ["PurchaseRequested", "NumberAdopted", "NumberImported"] as const;
/** A number begins. */
export type BeginningType = typeof BEGINNING[number];

/** A number ends: its row goes. */
export const ENDING = ["Released", "PurchaseDismissed"] as const;

/** Whether an event is of one of these types. */
export const isOneOf =
  <Type extends EventType>(types: readonly Type[]) =>
  <Event extends { readonly type: EventType }>(
    event: Event,
  ): event is Extract<Event, { readonly type: Type }> =>
    (types as readonly EventType[]).includes(event.type);

/** Whether a number begins, is the carrier's to keep from now on, fails, or ends. */
export const isOfLife = isOneOf([...BEGINNING, "NumberPurchased", "PurchaseFailed", ...ENDING]);
export const isBeginning = isOneOf(BEGINNING);
export const isEnding = isOneOf(ENDING);

/** The key of the row that an event of a holding touches. */
export const byHolding = (
  { data }: { readonly data: { readonly holding: string } },
): readonly string[] => [data.holding];

/** The key of the row for each of these types. */
export const keysFor = <Type extends EventType>(types: readonly Type[]) =>
  Object.fromEntries(types.map((type) => [type, byHolding])) as Readonly<
    Record<Type, typeof byHolding>
  >;
