/** What the operator can call: no caller is needed for it. */
import type { AddCredits } from "../../../core/billing/credits.ts";
import type { OpenOrganization } from "../../../core/billing/plan.ts";
import type { NameAssistant } from "../../../core/number/decisions/assistants.ts";
import type { ResolveReleaseRequest } from "../../../core/number/decisions/release.ts";
import type { ReleaseRequest } from "../../../core/number/release-requests.ts";
import type {
  Connection,
  RegisterConnection,
  RemoveConnection,
} from "../../../core/organization/connections.ts";
import type {
  InstallSipConnection,
  IssueToken,
  RevokeToken,
} from "../../../core/organization/decisions.ts";
import type { RefusalOf } from "../../../core/registry/commands.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import type { ReviewVerification } from "../../../core/verification/decisions.ts";
import type { Verification } from "../../../core/verification/state.ts";
import type { Answer, CommandOptions, RepeatableAnswer, TokenScope } from "./caller.ts";
import type { ClosingCalls } from "./closing.ts";
import type { Holders } from "./holders.ts";
import type { Inventory } from "./inventory.ts";
import type { Lists } from "./lists.ts";
import type { OrganizationView } from "./organization.ts";
import type { RequirementGroups } from "./requirements.ts";
import type { Upkeep } from "./upkeep.ts";
import type { WorkList } from "./work-list.ts";

/** Whose a token is to be, and what it is for. */
export type NewToken = Pick<IssueToken, "email" | "name" | "sandbox" | "expiresAt"> & {
  readonly scope?: TokenScope | undefined;
};

/** What the operator may do; `operator` calls need no caller. */
export interface Operator
  extends ClosingCalls, Upkeep, Lists, Inventory, WorkList, Holders, RequirementGroups {
  /**
   * Opens an organization, or gives it this name and plan. The same again changes nothing.
   *
   * @example
   * ```ts
   * const opened = await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
   * if (!opened.ok) throw new Error(opened.error.message);
   * ```
   */
  open(
    id: string,
    input: Omit<OpenOrganization, "type">,
  ): Answer<OrganizationView, RefusalOf<OpenOrganization>>;
  /**
   * An organization; null when it was never opened.
   *
   * @example
   * ```ts
   * const acme = await ledger.operator.organization("acme");
   * ```
   */
  organization(id: string): Promise<OrganizationView | null>;
  /**
   * A new bearer token, shown this once; only its hash is kept. Its `scope` is `write` where none
   * is given; a caller with a token that is to `read` is refused what changes something. From
   * `expiresAt` on, which is to come (milliseconds since 1970), it identifies nobody.
   *
   * @example
   * ```ts
   * const user = { email: "alice@example.com", name: "Alice Johnson", sandbox: false };
   * const issued = await ledger.operator.issueToken("acme", user);
   * if (issued.ok) console.log(issued.value.token);
   * ```
   */
  issueToken(
    organization: string,
    input: NewToken,
  ): Answer<{ readonly id: string; readonly token: string }, RefusalOf<IssueToken>>;
  /**
   * The same once under a command id: a repeat issues no other token, and has null in place of the
   * secret, which nobody has but who was shown it.
   *
   * @example
   * ```ts
   * const user = { email: "alice@example.com", name: "Alice Johnson", sandbox: false };
   * const issued = await ledger.operator.issueToken("acme", user, { commandId: "token-of-alice" });
   * if (issued.ok) console.log(issued.value.token ?? "it was shown before");
   * ```
   */
  issueToken(
    organization: string,
    input: NewToken,
    options?: CommandOptions,
  ): RepeatableAnswer<
    { readonly id: string; readonly token: string | null },
    RefusalOf<IssueToken>
  >;
  /**
   * Revokes a token by its id: the next request with it is refused.
   *
   * @example
   * ```ts
   * await ledger.operator.revokeToken("tk_…");
   * ```
   */
  revokeToken(token: string): Answer<null, RefusalOf<RevokeToken>>;
  /**
   * Adds prepaid credits, and pays what waits for them. Without a command id each call adds.
   *
   * @example
   * ```ts
   * import { money } from "ledgerline";
   *
   * const amount = money(25_000_000);
   * await ledger.operator.addCredits("acme", { amount }, { commandId: "invoice-7" });
   * ```
   */
  addCredits(
    organization: string,
    input: Omit<AddCredits, "type">,
    options?: CommandOptions,
  ): RepeatableAnswer<OrganizationView, RefusalOf<AddCredits>>;
  /**
   * Names an assistant, which another system manages.
   *
   * @example
   * ```ts
   * await ledger.operator.nameAssistant("acme", { assistant: "asst_1", name: "Reception" });
   * ```
   */
  nameAssistant(
    organization: string,
    input: Omit<NameAssistant, "type">,
  ): Answer<{ readonly id: string; readonly name: string }, RefusalOf<NameAssistant>>;
  /**
   * Records a SIP connection, over which numbers can be brought in, or changes it.
   *
   * @example
   * ```ts
   * await ledger.operator.installSipConnection("acme", {
   *   installation: "sip_1",
   *   providerName: "Trunkline",
   *   trunk: "trunk_1",
   *   ready: true,
   * });
   * ```
   */
  installSipConnection(
    organization: string,
    input: Omit<InstallSipConnection, "type">,
  ): Answer<Omit<InstallSipConnection, "type">, RefusalOf<InstallSipConnection>>;
  /**
   * Lets the organization put numbers on this connection of the carrier, or relabels it.
   *
   * @example
   * ```ts
   * const input = { connection: "1293384261075731499", label: "Call centre" };
   * await ledger.operator.registerConnection("acme", input);
   * ```
   */
  registerConnection(
    organization: string,
    input: Omit<RegisterConnection, "type">,
  ): Answer<Connection, RefusalOf<RegisterConnection>>;
  /**
   * Lets it put no further number on the connection; those on it stay.
   *
   * @example
   * ```ts
   * await ledger.operator.removeConnection("acme", "1293384261075731499");
   * ```
   */
  removeConnection(organization: string, id: string): Answer<null, RefusalOf<RemoveConnection>>;
  /**
   * The connections that are registered for an organization, by id; null when there is no such
   * organization.
   *
   * @example
   * ```ts
   * for (const { id, label } of await ledger.operator.connections("acme") ?? []) {
   *   console.log(id, label);
   * }
   * ```
   */
  connections(organization: string): Promise<readonly Connection[] | null>;
  /**
   * Approves, rejects or revokes the verification with this id.
   *
   * @example
   * ```ts
   * const review = { kind: "reject", reason: "The register extract is too old." } as const;
   * await ledger.operator.review("vs_…", review);
   * ```
   */
  review(
    verification: string,
    review: ReviewVerification["review"],
  ): Answer<
    { readonly organization: string; readonly submission: Verification },
    RefusalOf<ReviewVerification>
  >;
  /**
   * Approves or rejects a pending release request.
   *
   * @example
   * ```ts
   * await ledger.operator.resolveReleaseRequest("rr_…", { kind: "approve" });
   * ```
   */
  resolveReleaseRequest(
    request: string,
    resolution: ResolveReleaseRequest["resolution"],
  ): Answer<ReleaseRequest, RefusalOf<ResolveReleaseRequest>>;
  /**
   * Moves a test clock, stopping at every due time on the way; null when the clock is real.
   *
   * @example
   * ```ts
   * // A month passes, and all that falls due in it is done in order.
   * await ledger.operator.advanceClock(31 * 24 * 60 * 60 * 1000);
   * ```
   */
  advanceClock(milliseconds: number): Promise<Instant | null>;
  /**
   * Trusts this machine's clock as it is now, even if it was doubted; returns its time.
   *
   * @example
   * ```ts
   * const now = await ledger.operator.confirmClock();
   * ```
   */
  confirmClock(): Promise<Instant>;
}
