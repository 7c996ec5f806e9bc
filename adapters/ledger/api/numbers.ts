/** The calls that change the numbers that an organization holds. */
import type { RefusalOf } from "../../../core/registry/commands.ts";
import type { ChangeNumber } from "../../../core/number/decisions/changes.ts";
import type { RemoveImport } from "../../../core/number/decisions/imports.ts";
import type { StartRelease } from "../../../core/number/decisions/release.ts";
import type { SetAutoRenewal } from "../../../core/number/decisions/renewal.ts";
import type {
  AssignNumbers,
  AssignSmsCampaign,
  ChangeRouting,
} from "../../../core/number/decisions/routing.ts";
import type { Direction, SmsCampaign } from "../../../core/events/number.ts";
import type { NumberView } from "../../../core/number/view.ts";
import type { SipConnection } from "../../../core/organization/state.ts";
import type { Answer, Caller } from "./caller.ts";

export type RouteInput = Omit<ChangeRouting, "type" | "holding">;

/** The fields of a number that its owner can change; omitted ones stay, and null clears. */
export type ChangeInput = Omit<ChangeNumber, "type" | "holding">;

/** Which calls an assistant takes part in, and over which numbers; those it has without `ids`. */
export type CallingInput = {
  readonly direction: Direction;
  readonly ids?: readonly string[] | undefined;
};

/**
 * An assistant with its numbers, the oldest first; the name is null until the operator gives it.
 */
export type AssistantView = {
  readonly id: string;
  readonly name: string | null;
  readonly numbers: readonly NumberView[];
};

/**
 * `released` is false while the carrier has not let go, or has not answered whether it cancels the
 * order; the release then completes automatically.
 */
export type Release = { readonly released: boolean };

/** The calls that change numbers. */
export interface NumberCalls {
  /**
   * Changes direction, label, template or assistant of one number.
   *
   * @example
   * ```ts
   * await ledger.route(alice, id, { assistant: "asst_1", label: "Sales" });
   * ```
   */
  route(
    caller: Caller,
    id: string,
    input: RouteInput,
  ): Answer<NumberView, RefusalOf<ChangeRouting>>;
  /**
   * Changes routing, renewal and SMS campaign of one number: all that is given, or nothing.
   *
   * @example
   * ```ts
   * await ledger.change(alice, id, { direction: "both", autoRenewal: false });
   * ```
   */
  change(
    caller: Caller,
    id: string,
    input: ChangeInput,
  ): Answer<NumberView, RefusalOf<ChangeNumber>>;
  /**
   * Replaces the whole set of an assistant's numbers.
   *
   * @example
   * ```ts
   * await ledger.assign(alice, "asst_1", [id]);
   * ```
   */
  assign(
    caller: Caller,
    assistant: string,
    ids: readonly string[],
  ): Answer<readonly NumberView[], RefusalOf<AssignNumbers>>;
  /**
   * Replaces the set, if one is given, and sets the direction of its numbers: all of it, or
   * nothing.
   *
   * @example
   * ```ts
   * await ledger.setCalling(alice, "asst_1", { direction: "inbound", ids: [id] });
   * ```
   */
  setCalling(
    caller: Caller,
    assistant: string,
    input: CallingInput,
  ): Answer<AssistantView, RefusalOf<AssignNumbers>>;
  /**
   * Gives a number back, takes a failed purchase off the list, or cancels one that is in progress
   * where its carrier can. A number that the carrier confirms anyway is paid for, and given back.
   *
   * @example
   * ```ts
   * const released = await ledger.release(alice, id);
   * if (released.ok && !released.value.released) console.log("the carrier has not let go yet");
   * ```
   */
  release(caller: Caller, id: string): Answer<Release, RefusalOf<StartRelease>>;
  /**
   * Releases an imported number, unless an assistant has it.
   *
   * @example
   * ```ts
   * await ledger.removeImport(alice, id);
   * ```
   */
  removeImport(caller: Caller, id: string): Answer<null, RefusalOf<RemoveImport>>;
  /**
   * Says whether a number is renewed at the end of its month, or released then.
   *
   * @example
   * ```ts
   * // It serves to the end of its month, and is released then.
   * await ledger.setAutoRenewal(alice, id, false);
   * ```
   */
  setAutoRenewal(
    caller: Caller,
    id: string,
    on: boolean,
  ): Answer<NumberView, RefusalOf<SetAutoRenewal>>;
  /**
   * Records how far the registration of a number for an SMS campaign is.
   *
   * @example
   * ```ts
   * const campaign = { profile: null, campaign: "CMP1", status: "ASSIGNED" } as const;
   * await ledger.assignSmsCampaign(alice, id, campaign);
   * ```
   */
  assignSmsCampaign(
    caller: Caller,
    id: string,
    campaign: SmsCampaign,
  ): Answer<NumberView, RefusalOf<AssignSmsCampaign>>;
  /**
   * The SIP connections that are installed for the organization, by id.
   *
   * @example
   * ```ts
   * const [connection] = await ledger.sipConnections(alice);
   * console.log(connection?.ready);
   * ```
   */
  sipConnections(caller: Caller): Promise<readonly SipConnection[]>;
}
