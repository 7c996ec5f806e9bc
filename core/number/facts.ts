/** The events of a number, by what they do to its row: `state.ts` and `stage.ts` fold them. */
import type { EventType, FactOf, TypeWith } from "../events/vocabulary.ts";

/** About a wish for a number's route at the carrier: that is in its own row (`routes.ts`). */
export type WishType = TypeWith<{ readonly wish: number }>;

/** Every other event of a number touches its row. */
export type NumberEventType = Exclude<TypeWith<{ readonly holding: string }>, WishType>;

const BEGINNING = ["PurchaseRequested", "NumberAdopted", "NumberImported"] as const;
/** A number begins. */
export type BeginningType = typeof BEGINNING[number];

/** A number ends: its row goes. */
const ENDING = ["Released", "PurchaseDismissed"] as const;

const CHANGING = [
  "RoutingChanged",
  "NumberAssigned",
  "NumberUnassigned",
  "SmsCampaignAssigned",
  "ReleaseRequested",
  "ReleaseRequestCancelled",
  "ReleaseRequestRejected",
  "ReleaseRequestApproved",
] as const;
/** What may happen to a number of either source: it changes what is beside the stage. */
export type ChangingType = typeof CHANGING[number];

const STAGE = [
  "NumberPurchased",
  "PurchaseFailed",
  "OrderRepeated",
  "OrderTaken",
  "OrderWaits",
  "CancellationRequested",
  "ChargeStarted",
  "Charged",
  "ChargeDeclined",
  "RefundStarted",
  "Refunded",
  "TrialExpired",
  "TrialConverted",
  "Renewed",
  "RenewalFailed",
  "Suspended",
  "Reinstated",
  "AutoRenewalChanged",
  "ReleaseStarted",
] as const;
/** All else is a matter of the stage of a bought number. */
export type StageType = typeof STAGE[number];

const isOneOf =
  <Type extends EventType>(types: readonly Type[]) =>
  <Event extends { readonly type: EventType }>(
    event: Event,
  ): event is Extract<Event, { readonly type: Type }> =>
    (types as readonly EventType[]).includes(event.type);

/** Whether a number begins, is the carrier's to keep from now on, fails, or ends. */
export const isOfLife = isOneOf([...BEGINNING, "NumberPurchased", "PurchaseFailed", ...ENDING]);
export const isBeginning = isOneOf(BEGINNING);
export const isEnding = isOneOf(ENDING);
export const isChanging = isOneOf(CHANGING);

/** The key of the row that an event of a holding touches. */
export const byHolding = (
  { data }: { readonly data: { readonly holding: string } },
): readonly string[] => [data.holding];

/** The key of the row for each of these types. */
const keysFor = <Type extends EventType>(types: readonly Type[]) =>
  Object.fromEntries(types.map((type) => [type, byHolding])) as Readonly<
    Record<Type, typeof byHolding>
  >;

/** For each event of a number, the key of its row; one in no list above does not compile. */
export const NUMBER_KEYS: {
  readonly [Type in NumberEventType]: (event: FactOf<Type>) => readonly string[];
} = keysFor([...BEGINNING, ...ENDING, ...CHANGING, ...STAGE]);
