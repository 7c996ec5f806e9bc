import * as Effect from "effect/Effect";
import { unknownRequest } from "../../../core/number/decisions/release.ts";
import { releaseRequests } from "../../../core/number/release-requests.ts";
import { connections } from "../../../core/organization/connections.ts";
import {
  REQUIREMENT_GROUPS_ROW,
  requirementGroupsOf,
} from "../../../core/organization/requirement-groups.ts";
import { self, SELF_ROW, unknownToken } from "../../../core/organization/refusals.ts";
import { type Token, tokens } from "../../../core/organization/state.ts";
import { OPERATOR } from "../../../core/values/identity.ts";
import { ok } from "../../../core/values/result.ts";
import { unknownVerification } from "../../../core/verification/decisions.ts";
import { verifications } from "../../../core/verification/state.ts";
import type { CommandOptions, Operator } from "../api/mod.ts";
import { commandIdOf, execute, executeOnce, read } from "../engine/execute.ts";
import { randomSecret, sameInConstantTime } from "../engine/secrets.ts";
import { sha256 } from "../../hash/sha256.ts";
import { ask, lostToLog, Ports } from "../engine/services.ts";
import { tokenIdOf } from "../engine/token.ts";
import { getOrganization } from "./views.ts";

const actor = OPERATOR;

type Input<Call extends keyof Operator> = Parameters<Operator[Call]>[1];

/** Opens an organization or changes its name and plan. */
export const open = Effect.fnUntraced(function* (organization: string, input: Input<"open">) {
  const command = { type: "OpenOrganization", ...input } as const;
  const done = yield* execute({ organization, actor, command });
  return done.ok ? ok(yield* known(organization)) : done;
});

const known = Effect.fnUntraced(function* (organization: string) {
  const view = yield* getOrganization(organization);
  if (view === null) return yield* lostToLog(`The organization ${organization}`);
  return view;
});

/**
 * Issues a token `<id>.<secret>`. The id finds the record; the whole token's SHA-256 proves it.
 */
export const issueToken = Effect.fnUntraced(function* (
  organization: string,
  input: Input<"issueToken">,
) {
  const { ids } = yield* Ports;
  const id = ids.next("tk");
  const token = `${id}.${randomSecret()}`;
  const hash = sha256(token);
  const command = { type: "IssueToken", token: id, hash, ...input } as const;
  const done = yield* execute({ organization, actor, command });
  return done.ok ? ok({ id, token }) : done;
});

/** Finds the caller that a token identifies; null for anything that is not a token in use. */
export const authenticate = Effect.fnUntraced(function* (text: string) {
  const id = tokenIdOf(text);
  if (id === null) return null;
  const { log } = yield* Ports;
  const found = yield* ask(() => log.find(tokens.kind, id));
  if (found === null) return null;
  const token = found.row.data as Token;
  if (!sameInConstantTime(sha256(text), token.hash)) return null;
  const { email, name, sandbox } = token;
  const user = { kind: "user", tokenId: id, email, name } as const;
  return { organization: found.organization, actor: user, sandbox, token };
});

/** Registers a carrier's connection for an organization. */
export const registerConnection = Effect.fnUntraced(function* (
  organization: string,
  input: Input<"registerConnection">,
) {
  const command = { type: "RegisterConnection", ...input } as const;
  const done = yield* execute({ organization, actor, command });
  return done.ok ? ok({ id: input.connection, label: input.label }) : done;
});

/** Removes it. */
export const removeConnection = Effect.fnUntraced(function* (
  organization: string,
  connection: string,
) {
  const command = { type: "RemoveConnection", connection } as const;
  const done = yield* execute({ organization, actor, command });
  return done.ok ? ok(null) : done;
});

/** The connections of an organization, by id; null when it was never opened. */
export const listConnections = Effect.fnUntraced(function* (organization: string) {
  const { state } = yield* read(organization, { rows: [SELF_ROW], kinds: [connections.kind] });
  if (self(state) === undefined) return null;
  return [...state.all(connections)].sort((a, b) => a.id < b.id ? -1 : 1);
});

/** Sets the requirement group of an organization for a kind of number, or takes it away. */
export const setRequirementGroup = Effect.fnUntraced(function* (
  organization: string,
  { country, type, group }: Input<"setRequirementGroup">,
) {
  const command = { type: "SetRequirementGroup", country, numberType: type, group } as const;
  const done = yield* execute({ organization, actor, command });
  return done.ok ? ok({ country, type, group }) : done;
});

/**
 * The requirement groups of an organization, by country and type; null when it was never opened.
 */
export const listRequirementGroups = Effect.fnUntraced(function* (organization: string) {
  const { state } = yield* read(organization, { rows: [SELF_ROW, REQUIREMENT_GROUPS_ROW] });
  return self(state) === undefined ? null : requirementGroupsOf(state);
});

/** Takes a token out of use, whichever organization's it is. */
export const revokeToken = Effect.fnUntraced(function* (token: string) {
  const { log } = yield* Ports;
  const found = yield* ask(() => log.find(tokens.kind, token));
  if (found === null) return unknownToken;
  const { organization } = found;
  const done = yield* execute({ organization, actor, command: { type: "RevokeToken", token } });
  return done.ok ? ok(null) : done;
});

/** Adds credits; the view shows them after what they paid for immediately. */
export const addCredits = Effect.fnUntraced(function* (
  organization: string,
  input: Input<"addCredits">,
  options: CommandOptions,
) {
  const command = { type: "AddCredits", ...input } as const;
  const id = commandIdOf(options, input);
  const done = yield* executeOnce({ organization, actor, command, id });
  return done.ok ? ok(yield* known(organization)) : done;
});

/** Reviews the verification with this id, whichever organization's it is. */
export const review = Effect.fnUntraced(function* (
  verification: string,
  decision: Input<"review">,
) {
  const { log } = yield* Ports;
  const found = yield* ask(() => log.find(verifications.kind, verification));
  if (found === null) return unknownVerification;
  const { organization } = found;
  const command = { type: "ReviewVerification", verification, review: decision } as const;
  const done = yield* execute({ organization, actor, command });
  if (!done.ok) return done;
  const submission = done.value.state.get(verifications, verification);
  if (submission === undefined) throw new Error(`Verification ${verification} is gone`);
  return ok({ organization, submission });
});

/** Answers the release request with this id, whichever organization's it is. */
export const resolve = Effect.fnUntraced(function* (
  request: string,
  resolution: Input<"resolveReleaseRequest">,
) {
  const { log } = yield* Ports;
  const found = yield* ask(() => log.find(releaseRequests.kind, request));
  if (found === null) return unknownRequest;
  const { organization } = found;
  const command = { type: "ResolveReleaseRequest", request, resolution } as const;
  const done = yield* execute({ organization, actor, command });
  if (!done.ok) return done;
  const resolved = done.value.state.get(releaseRequests, request);
  if (resolved === undefined) {
    throw new Error(`Release request ${request} was resolved, and is gone`);
  }
  return ok(resolved);
});
