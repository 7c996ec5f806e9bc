import type { Context, Decision, Handler } from "../log/decision.ts";
import type { State } from "../log/state.ts";
import { type AdoptNumber, adoptNumber } from "../number/decisions/adoption.ts";
import { type ChangeNumber, changeNumber } from "../number/decisions/changes.ts";
import {
  type RecordCharge,
  recordCharge,
  type RecordRefund,
  recordRefund,
} from "../number/decisions/charges.ts";
import {
  type AbandonPurchase,
  abandonPurchase,
  type ConfirmPurchase,
  confirmPurchase,
  type FailPurchase,
  failPurchase,
  type NoteOrder,
  noteOrder,
  type RepeatOrder,
  repeatOrder,
} from "../number/decisions/orders.ts";
import {
  type EndImport,
  endImport,
  type ImportNumber,
  importNumber,
  type RemoveImport,
  removeImport,
} from "../number/decisions/imports.ts";
import {
  type RecordSearch,
  recordSearch,
  type RequestPurchase,
  requestPurchase,
} from "../number/decisions/purchase.ts";
import {
  type CompleteRelease,
  completeRelease,
  type RequestRelease,
  requestRelease,
  type ResolveReleaseRequest,
  resolveReleaseRequest,
  type StartRelease,
  startRelease,
} from "../number/decisions/release.ts";
import {
  type ExpireTrial,
  expireTrial,
  type RenewNumber,
  renewNumber,
  type SetAutoRenewal,
  setAutoRenewal,
} from "../number/decisions/renewal.ts";
import {
  type NoteRoute,
  noteRoute,
  type RedoRoute,
  redoRoute,
  type SettleRoute,
  settleRoute,
} from "../number/decisions/routes.ts";
import {
  type AssignNumbers,
  assignNumbers,
  type AssignSmsCampaign,
  assignSmsCampaign,
  type ChangeRouting,
  changeRouting,
} from "../number/decisions/routing.ts";
import {
  type RegisterConnection,
  registerConnection,
  type RemoveConnection,
  removeConnection,
} from "../organization/connections.ts";
import { type OpenOrganization, openOrganization } from "../billing/plan.ts";
import { type AddCredits, addCredits } from "../billing/credits.ts";
import { type NameAssistant, nameAssistant } from "../number/decisions/assistants.ts";
import {
  type InstallSipConnection,
  installSipConnection,
  type IssueToken,
  issueToken,
  type RevokeToken,
  revokeToken,
} from "../organization/decisions.ts";
import {
  type SetRequirementGroup,
  setRequirementGroup,
} from "../organization/requirement-groups.ts";
import type { Needs } from "../ports/mod.ts";
import {
  type RecordReconciliation,
  recordReconciliation,
  type ScheduleReconciliation,
  scheduleReconciliation,
  type StartOrphanRelease,
  startOrphanRelease,
} from "../reconciliation/decisions.ts";
import { type NameInstallation, nameInstallation } from "../reconciliation/installation.ts";
import {
  type DraftVerification,
  draftVerification,
  type RecordNotice,
  recordNotice,
  type ReviewVerification,
  reviewVerification,
  type SubmitVerification,
  submitVerification,
} from "../verification/decisions.ts";

/** Every command there is, with how it is decided. */
const HANDLERS = {
  OpenOrganization: openOrganization,
  AddCredits: addCredits,
  NameAssistant: nameAssistant,
  InstallSipConnection: installSipConnection,
  RegisterConnection: registerConnection,
  RemoveConnection: removeConnection,
  SetRequirementGroup: setRequirementGroup,
  IssueToken: issueToken,
  RevokeToken: revokeToken,
  RecordSearch: recordSearch,
  RequestPurchase: requestPurchase,
  ConfirmPurchase: confirmPurchase,
  FailPurchase: failPurchase,
  AbandonPurchase: abandonPurchase,
  NoteOrder: noteOrder,
  RepeatOrder: repeatOrder,
  RecordCharge: recordCharge,
  RecordRefund: recordRefund,
  ImportNumber: importNumber,
  EndImport: endImport,
  RemoveImport: removeImport,
  AdoptNumber: adoptNumber,
  ChangeNumber: changeNumber,
  ChangeRouting: changeRouting,
  AssignNumbers: assignNumbers,
  AssignSmsCampaign: assignSmsCampaign,
  RenewNumber: renewNumber,
  SetAutoRenewal: setAutoRenewal,
  NoteRoute: noteRoute,
  SettleRoute: settleRoute,
  RedoRoute: redoRoute,
  ExpireTrial: expireTrial,
  StartRelease: startRelease,
  CompleteRelease: completeRelease,
  RequestRelease: requestRelease,
  ResolveReleaseRequest: resolveReleaseRequest,
  DraftVerification: draftVerification,
  SubmitVerification: submitVerification,
  ReviewVerification: reviewVerification,
  RecordNotice: recordNotice,
  NameInstallation: nameInstallation,
  ScheduleReconciliation: scheduleReconciliation,
  StartOrphanRelease: startOrphanRelease,
  RecordReconciliation: recordReconciliation,
};

/** Anything that can be asked of an organization. */
export type Command =
  | OpenOrganization
  | AddCredits
  | NameAssistant
  | InstallSipConnection
  | RegisterConnection
  | RemoveConnection
  | SetRequirementGroup
  | IssueToken
  | RevokeToken
  | RecordSearch
  | RequestPurchase
  | ConfirmPurchase
  | FailPurchase
  | AbandonPurchase
  | NoteOrder
  | RepeatOrder
  | RecordCharge
  | RecordRefund
  | ImportNumber
  | EndImport
  | RemoveImport
  | AdoptNumber
  | ChangeNumber
  | ChangeRouting
  | AssignNumbers
  | AssignSmsCampaign
  | RenewNumber
  | SetAutoRenewal
  | NoteRoute
  | SettleRoute
  | RedoRoute
  | ExpireTrial
  | StartRelease
  | CompleteRelease
  | RequestRelease
  | ResolveReleaseRequest
  | DraftVerification
  | SubmitVerification
  | ReviewVerification
  | RecordNotice
  | NameInstallation
  | ScheduleReconciliation
  | StartOrphanRelease
  | RecordReconciliation;

/** The refusals that a command can meet. */
export type RefusalOf<C extends Command> = (typeof HANDLERS)[C["type"]] extends
  Handler<never, infer Refusal> ? Refusal : never;

/** Any refusal of any command. */
export type Refusal = RefusalOf<Command>;

const handlerOf = <C extends Command>({ type }: C): Handler<C, RefusalOf<C>> => {
  if (!Object.hasOwn(HANDLERS, type)) throw new TypeError(`There is no command ${type}`);
  // The table pairs each type with the handler of that very command.
  return HANDLERS[type] as unknown as Handler<C, RefusalOf<C>>;
};

/**
 * What a command reads first.
 *
 * @example
 * ```ts
 * import { needsOf } from "ledgerline/core";
 *
 * const { rows, claims } = needsOf({ type: "RecordRefund", holding: "pn_1", period: 1 });
 * ```
 */
export const needsOf = (command: Command): Needs => handlerOf(command).needs(command);

/**
 * What a command also reads, depending on the rows read so far; `{}` when nothing.
 *
 * @example
 * ```ts
 * import { moreOf, State } from "ledgerline/core";
 *
 * const more = moreOf(State.empty(), { type: "ExpireTrial", holding: "pn_1" });
 * ```
 */
export const moreOf = (state: State, command: Command): Needs =>
  handlerOf(command).more?.(state, command) ?? {};

/**
 * Decides a command: the events that follow from it, or why it is refused. It throws only for an
 * unknown command.
 *
 * @example
 * ```ts
 * import { decide, DEFAULT_PLANS, ONE_WORLD, OPERATOR, State } from "ledgerline/core";
 *
 * const context = {
 *   organization: "acme",
 *   now: Date.parse("2026-01-31T10:00:00Z"),
 *   actor: OPERATOR,
 *   plans: DEFAULT_PLANS,
 *   ...ONE_WORLD,
 * };
 * const command = { type: "OpenOrganization", name: "Acme", plan: "Growth" } as const;
 * const decision = decide(State.empty(), command, context);
 * if (decision.ok) console.log(decision.value.map(({ type }) => type));
 * ```
 */
export const decide = <C extends Command>(
  state: State,
  command: C,
  context: Context,
): Decision<RefusalOf<C>> => handlerOf(command).decide(state, command, context);

/**
 * Whether a command makes no decision and may be appended at any head (core/README.md, Rules).
 *
 * @example
 * ```ts
 * import { isHeadless } from "ledgerline/core";
 *
 * console.log(isHeadless({ type: "ExpireTrial", holding: "pn_1" })); // false
 * ```
 */
export const isHeadless = (command: Command): boolean => command.type === "RecordSearch";
