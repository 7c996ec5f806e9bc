import type { Context, Decision, Handler } from "../log/decision.ts";
import type { State } from "../log/state.ts";
import { adoptNumber } from "../number/decisions/adoption.ts";
import { changeNumber } from "../number/decisions/changes.ts";
import { recordCharge, recordRefund } from "../number/decisions/charges.ts";
import {
  abandonPurchase,
  confirmPurchase,
  failPurchase,
  noteOrder,
  repeatOrder,
} from "../number/decisions/orders.ts";
import { endImport, importNumber, removeImport } from "../number/decisions/imports.ts";
import { requestPurchase } from "../number/decisions/purchase.ts";
import { recordSearch } from "../number/decisions/searches.ts";
import {
  completeRelease,
  requestRelease,
  resolveReleaseRequest,
  startRelease,
} from "../number/decisions/release.ts";
import { expireTrial, renewNumber, setAutoRenewal } from "../number/decisions/renewal.ts";
import { noteRoute, redoRoute, settleRoute } from "../number/decisions/routes.ts";
import { assignNumbers, assignSmsCampaign, changeRouting } from "../number/decisions/routing.ts";
import { registerConnection, removeConnection } from "../organization/connections.ts";
import { openOrganization } from "../billing/plan.ts";
import { addCredits } from "../billing/credits.ts";
import { nameAssistant } from "../number/decisions/assistants.ts";
import { installSipConnection, issueToken, revokeToken } from "../organization/decisions.ts";
import { setRequirementGroup } from "../organization/requirement-groups.ts";
import type { Needs } from "../ports/mod.ts";
import type { Instant } from "../values/calendar.ts";
import {
  recordReconciliation,
  scheduleReconciliation,
  startOrphanRelease,
} from "../reconciliation/decisions.ts";
import { nameInstallation } from "../reconciliation/installation.ts";
import {
  draftVerification,
  recordNotice,
  reviewVerification,
  submitVerification,
} from "../verification/decisions.ts";

import {
  addWebhook,
  changeWebhook,
  disableWebhook,
  enableWebhook,
  removeWebhook,
  rotateWebhook,
} from "../webhooks/decisions.ts";

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
  AddWebhook: addWebhook,
  ChangeWebhook: changeWebhook,
  RotateWebhook: rotateWebhook,
  DisableWebhook: disableWebhook,
  EnableWebhook: enableWebhook,
  RemoveWebhook: removeWebhook,
};

type Handlers = typeof HANDLERS;

/** Anything that can be asked of an organization: what the handlers take, each under its type. */
export type Command = {
  [Type in keyof Handlers]: Handlers[Type] extends Handler<infer Asked, unknown>
    ? Extract<Asked, { readonly type: Type }>
    : never;
}[keyof Handlers];

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
 * What a command reads first, where it is decided now.
 *
 * @example
 * ```ts
 * import { needsOf } from "ledgerline/core";
 *
 * const { rows, claims } = needsOf(
 *   { type: "RecordRefund", holding: "pn_1", period: 1 },
 *   Date.parse("2026-01-31T10:00:00Z"),
 * );
 * ```
 */
export const needsOf = (command: Command, now: Instant): Needs =>
  handlerOf(command).needs(command, now);

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
