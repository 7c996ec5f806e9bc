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
import type { Command } from "../../../core/registry/commands.ts";
import { OPERATOR } from "../../../core/values/identity.ts";
import { CLOSED_PLAN } from "../../../core/values/plan.ts";
import { failed } from "../../../core/values/result.ts";
import { unknownVerification } from "../../../core/verification/decisions.ts";
import { verifications } from "../../../core/verification/state.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import type { CommandOptions, Operator } from "../api/mod.ts";
import { isInDoubt } from "../automations/worker.ts";
import { inPast } from "../../validation/argument.ts";
import { commandIdOf, factOf } from "../engine/command.ts";
import { execute, executeOnce } from "../engine/execute.ts";
import { read } from "../engine/reading.ts";
import { refuse } from "../engine/refusals.ts";
import { randomSecret } from "../engine/secrets.ts";
import { sameInConstantTime } from "../../hash/constant-time.ts";
import { sha256 } from "../../hash/sha256.ts";
import { ask, lostToLog, Ports } from "../engine/services.ts";
import { isOver, tokenIdOf, tokenScopeOf } from "../engine/token.ts";
import { forgetUses } from "../engine/token-uses.ts";
import { getOrganization } from "./views.ts";

const actor = OPERATOR;

type Input<Call extends keyof Operator> = Parameters<Operator[Call]>[1];

/** Opens an organization or changes its name and plan. */
export const open = Effect.fnUntraced(function* (organization: string, input: Input<"open">) {
  // What closes an organization is a call of its own: here its plan is one that nobody knows.
  const plan = input.plan === CLOSED_PLAN ? "" : input.plan;
  const command = { type: "OpenOrganization", ...input, plan } as const;
  yield* execute({ organization, actor, command });
  return yield* known(organization);
});

const known = Effect.fnUntraced(function* (organization: string) {
  const view = yield* getOrganization(organization);
  return view ?? (yield* lostToLog(`The organization ${organization}`));
});

/** So many tokens give way at a time, and so many commands wait together. */
const MOST_OVER = 100;
const TOGETHER = 8;

/**
 * Revokes tokens that are over, so that others have their place; whether there were any. That
 * cannot be taken back, so none are while the clock is doubted.
 */
const revokeOver = Effect.fnUntraced(function* (organization: string, now: Instant) {
  const { clock } = yield* Ports;
  if (isInDoubt(clock)) return false;
  const { state } = yield* read(organization, { kinds: [tokens.kind] });
  const over = state.all(tokens).filter((token) => isOver(token, now))
    .slice(0, MOST_OVER).map(({ id }) => id);
  yield* Effect.forEach(
    over,
    // One that is unknown was revoked in this moment.
    (token) =>
      Effect.ignore(execute({ organization, actor, command: { type: "RevokeToken", token } })),
    { concurrency: TOGETHER },
  );
  yield* forgetUses(over);
  return over.length > 0;
});

/**
 * Issues a token `<id>.<secret>`. The id finds the record; the whole token's SHA-256 proves it. The
 * token is null where the command was given before. Where there is no place for it, tokens that are
 * over give way.
 */
export const issueToken = Effect.fnUntraced(function* (
  organization: string,
  input: Input<"issueToken">,
  options: CommandOptions = {},
) {
  const { scope, ...user } = input;
  const { clock, ids } = yield* Ports;
  const now = clock.now();
  const id = ids.next("tk");
  const token = `${id}.${randomSecret()}`;
  const hash = sha256(token);
  const terms = scope === "read" ? { scope } : {};
  const issue = executeOnce({
    organization,
    actor,
    command: { type: "IssueToken", token: id, hash, ...user, ...terms },
    id: commandIdOf(options, input),
    // Not of a repeat, which may come later than the end of what was issued.
    instead: (decided) =>
      decided.ok && isOver(user, now) ? failed(inPast("input.expiresAt")) : decided,
  });
  const done = yield* Effect.catchTag(
    issue,
    "TOKEN_LIMIT_REACHED",
    (full) =>
      Effect.flatMap(revokeOver(organization, now), (any) => any ? issue : Effect.fail(full)),
  );
  const issued = done.repeated ? factOf(done, "TokenIssued") : undefined;
  return issued === undefined ? { id, token } : { id: issued.data.token, token: null };
});

/** Has the command executed; gives this view of it. */
const executed = <C extends Command, View>(organization: string, command: C, view: View) =>
  Effect.as(execute({ organization, actor, command }), view);

/** Gives an assistant its name. */
export const nameAssistant = (organization: string, input: Input<"nameAssistant">) =>
  executed(organization, { type: "NameAssistant", ...input }, {
    id: input.assistant,
    name: input.name,
  });

/** Installs a SIP connection for an organization, or changes it. */
export const installSipConnection = (organization: string, input: Input<"installSipConnection">) =>
  executed(organization, { type: "InstallSipConnection", ...input }, input);

/** Finds the caller that a token identifies; null for anything that is not a token in use. */
export const authenticate = Effect.fnUntraced(function* (text: string) {
  const id = tokenIdOf(text);
  if (id === null) return null;
  const { clock, log, tokenNotes } = yield* Ports;
  const found = yield* ask(() => log.find(tokens.kind, id));
  if (found === null) return null;
  const token = found.row.data as Token;
  if (!sameInConstantTime(sha256(text), token.hash)) return null;
  const now = clock.now();
  if (isOver(token, now)) return null;
  tokenNotes.add(id, now);
  const { email, name, sandbox } = token;
  const user = { kind: "user", tokenId: id, email, name } as const;
  return {
    organization: found.organization,
    actor: user,
    sandbox,
    scope: tokenScopeOf(token),
    token,
  };
});

/** Registers a carrier's connection for an organization. */
export const registerConnection = (organization: string, input: Input<"registerConnection">) =>
  executed(organization, { type: "RegisterConnection", ...input }, {
    id: input.connection,
    label: input.label,
  });

/** Removes it. */
export const removeConnection = (organization: string, connection: string) =>
  executed(organization, { type: "RemoveConnection", connection }, null);

/** The connections of an organization, by id; null when it was never opened. */
export const listConnections = Effect.fnUntraced(function* (organization: string) {
  const { state } = yield* read(organization, { rows: [SELF_ROW], kinds: [connections.kind] });
  if (self(state) === undefined) return null;
  return [...state.all(connections)].sort((a, b) => a.id < b.id ? -1 : 1);
});

/** Sets the requirement group of an organization for a kind of number, or takes it away. */
export const setRequirementGroup = (
  organization: string,
  { country, type, group }: Input<"setRequirementGroup">,
) =>
  executed(
    organization,
    { type: "SetRequirementGroup", country, numberType: type, group },
    { country, type, group },
  );

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
  if (found === null) return yield* refuse(unknownToken.error);
  const { organization } = found;
  yield* execute({ organization, actor, command: { type: "RevokeToken", token } });
  yield* forgetUses([token]);
  return null;
});

/** Adds credits; the view shows them after what they paid for immediately. */
export const addCredits = Effect.fnUntraced(function* (
  organization: string,
  input: Input<"addCredits">,
  options: CommandOptions = {},
) {
  const command = { type: "AddCredits", ...input } as const;
  const id = commandIdOf(options, input);
  yield* executeOnce({ organization, actor, command, id });
  return yield* known(organization);
});

/** Reviews the verification with this id, whichever organization's it is. */
export const review = Effect.fnUntraced(function* (
  verification: string,
  decision: Input<"review">,
) {
  const { log } = yield* Ports;
  const found = yield* ask(() => log.find(verifications.kind, verification));
  if (found === null) return yield* refuse(unknownVerification.error);
  const { organization } = found;
  const command = { type: "ReviewVerification", verification, review: decision } as const;
  const { state } = yield* execute({ organization, actor, command });
  const submission = state.get(verifications, verification);
  if (submission === undefined) throw new Error(`Verification ${verification} no longer exists`);
  return { organization, submission };
});

/** Answers the release request with this id, whichever organization's it is. */
export const resolve = Effect.fnUntraced(function* (
  request: string,
  resolution: Input<"resolveReleaseRequest">,
) {
  const { log } = yield* Ports;
  const found = yield* ask(() => log.find(releaseRequests.kind, request));
  if (found === null) return yield* refuse(unknownRequest.error);
  const { organization } = found;
  const command = { type: "ResolveReleaseRequest", request, resolution } as const;
  const { state } = yield* execute({ organization, actor, command });
  const resolved = state.get(releaseRequests, request);
  if (resolved === undefined) {
    throw new Error(`Release request ${request} was resolved, and no longer exists`);
  }
  return resolved;
});
