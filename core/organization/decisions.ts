/** What the operator does to an organization, except its numbers. */
import type { TokenTerms } from "../events/organization.ts";
import { type Handler, NOTHING } from "../log/decision.ts";
import type { RowKey } from "../ports/mod.ts";
import { failed, ok } from "../values/result.ts";
import { type IdUnfit, unfitNewId } from "./ids.ts";
import { MAX_TOKENS } from "./quotas.ts";
import {
  type OrganizationRefusal,
  self,
  SELF_ROW,
  unknownOrganization,
  unknownToken,
} from "./refusals.ts";
import { sipConnections, tokens } from "./state.ts";

type Refusal<Code extends OrganizationRefusal["code"]> = Extract<
  OrganizationRefusal,
  { code: Code }
>;

const row = (subject: { readonly kind: string }, key: string): RowKey => ({
  kind: subject.kind,
  key,
});

/** Records a SIP connection, and whether it is ready to carry calls. */
export type InstallSipConnection = {
  readonly type: "InstallSipConnection";
  readonly installation: string;
  readonly providerName: string;
  readonly trunk: string;
  readonly ready: boolean;
};

export const installSipConnection: Handler<
  InstallSipConnection,
  Refusal<"ORGANIZATION_UNKNOWN"> | IdUnfit
> = {
  needs: ({ installation }) => ({ rows: [SELF_ROW, row(sipConnections, installation)] }),
  decide: (state, { type: _type, ...data }) => {
    if (self(state) === undefined) return unknownOrganization;
    const known = state.get(sipConnections, data.installation);
    const unfit = unfitNewId(
      "The SIP connection's id",
      data.installation,
      () => known !== undefined,
    );
    if (unfit !== null) return unfit;
    const same = known?.providerName === data.providerName && known.trunk === data.trunk &&
      known.ready === data.ready;
    return ok(same ? NOTHING : [{ type: "SipConnectionInstalled", data }]);
  },
};

/** Records a new bearer token by its hash. */
export type IssueToken = {
  readonly type: "IssueToken";
  readonly token: string;
  readonly hash: string;
  readonly email: string;
  readonly name: string;
  readonly sandbox: boolean;
} & TokenTerms;

const tooManyTokens = failed<Refusal<"TOKEN_LIMIT_REACHED">>({
  code: "TOKEN_LIMIT_REACHED",
  message: `An organization has at most ${MAX_TOKENS} tokens; revoke one that is not used.`,
});

const closedOrganization = failed<Refusal<"ORGANIZATION_CLOSED">>({
  code: "ORGANIZATION_CLOSED",
  message: "The organization is closed; put it on a plan first.",
});

/** Refused for an organization that is unknown or closed, and beyond `MAX_TOKENS` in use. */
export const issueToken: Handler<
  IssueToken,
  Refusal<"ORGANIZATION_UNKNOWN" | "ORGANIZATION_CLOSED" | "TOKEN_LIMIT_REACHED">
> = {
  needs: ({ token }) => ({ rows: [SELF_ROW, row(tokens, token)] }),
  decide: (state, { type: _type, ...data }) => {
    const organization = self(state);
    if (organization === undefined) return unknownOrganization;
    if (state.get(tokens, data.token)?.hash === data.hash) return ok(NOTHING);
    if (organization.closedAt !== undefined) return closedOrganization;
    if (organization.tokens >= MAX_TOKENS) return tooManyTokens;
    return ok([{ type: "TokenIssued", data }]);
  },
};

/** Revokes a token. */
export type RevokeToken = { readonly type: "RevokeToken"; readonly token: string };

export const revokeToken: Handler<RevokeToken, Refusal<"TOKEN_UNKNOWN">> = {
  needs: ({ token }) => ({ rows: [SELF_ROW, row(tokens, token)] }),
  decide: (state, { token }) =>
    state.get(tokens, token) === undefined
      ? unknownToken
      : ok([{ type: "TokenRevoked", data: { token } }]),
};
