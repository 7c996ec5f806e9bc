/** Lists of organizations, and of the tokens and the history of one, for the operator. */
import * as Effect from "effect/Effect";
import { numbers } from "../../../core/number/state.ts";
import { self, SELF_ROW } from "../../../core/organization/refusals.ts";
import { tokens } from "../../../core/organization/state.ts";
import { noSuchPage } from "../../validation/argument.ts";
import { timeOfId } from "../engine/id-time.ts";
import type {
  NumberHistory,
  NumberHistoryOptions,
  OrganizationsPage,
  PageOptions,
  TokensPage,
} from "../api/inventory.ts";
import type { OrganizationView } from "../api/organization.ts";
import { read } from "../engine/reading.ts";
import { ask, Ports } from "../engine/services.ts";
import { tokenScopeOf } from "../engine/token.ts";
import { lastUses } from "../engine/token-uses.ts";
import { listHeads } from "./heads.ts";
import { getOrganization, historyOf } from "./views.ts";

/** The default number of rows in a list. */
export const PAGE = 50;
/** So many rows of organizations are read concurrently, so that others have their turn. */
export const READS_AT_ONCE = 8;

/** So many times a page reads on, where logs are not of organizations that were opened. */
const MOST_READS = 10;

/** Organizations that were opened, by id: the log of reconciliations is not one of them. */
export const listOrganizations = Effect.fnUntraced(function* (
  { after, limit = PAGE }: PageOptions,
): Effect.fn.Return<OrganizationsPage, never, Ports> {
  const organizations: OrganizationView[] = [];
  let cursor = after;
  for (let reads = 0; reads < MOST_READS; reads += 1) {
    const { heads, next } = yield* listHeads({ after: cursor, limit });
    const found = yield* Effect.forEach(
      heads,
      ({ organization }) => getOrganization(organization),
      { concurrency: READS_AT_ONCE },
    );
    for (const organization of found) {
      if (organization === null) continue;
      // One more than is shown tells whether there is another page.
      if (organizations.length === limit) {
        return { organizations, next: organizations.at(-1)?.id ?? null };
      }
      organizations.push(organization);
    }
    if (next === null) return { organizations, next };
    cursor = next;
  }
  return { organizations, next: cursor ?? null };
});

/** The tokens of an organization in use, which are a thousand at most; null when it is unknown. */
export const listTokens = Effect.fnUntraced(function* (
  organization: string,
  { after = "", limit = PAGE }: PageOptions,
) {
  // A token that was the last of a page may have been revoked since.
  if (after !== "" && timeOfId("tk", after) === null) throw noSuchPage("page.after");
  const { state } = yield* read(organization, { rows: [SELF_ROW], kinds: [tokens.kind] });
  if (self(state) === undefined) return null;
  const behind = state.all(tokens).filter(({ id }) => id > after)
    .toSorted((a, b) => a.id < b.id ? -1 : 1);
  const shown = behind.slice(0, limit);
  const lastUsed = yield* lastUses(shown.map(({ id }) => id));
  const views = shown.map((token) => {
    const { id, email, name, sandbox, expiresAt = null } = token;
    const times = { issuedAt: timeOfId("tk", id), expiresAt, lastUsedAt: lastUsed.get(id) ?? null };
    return { id, email, name, sandbox, scope: tokenScopeOf(token), ...times };
  });
  const next = behind.length > limit ? views.at(-1)?.id ?? null : null;
  const page: TokensPage = { tokens: views, next };
  return page;
});

/** The most events of a history in one page. */
const MAX_EVENTS = 100;

/** The events of a number, whichever organization has it; null when there are none. */
export const readHistory = Effect.fnUntraced(function* (
  id: string,
  { organization, after = 0, limit = MAX_EVENTS }: NumberHistoryOptions,
) {
  const { log } = yield* Ports;
  const found = yield* ask(() => log.find(numbers.kind, id));
  const owner = found?.organization ?? organization;
  if (owner === undefined || (organization !== undefined && organization !== owner)) return null;
  // One more than is shown tells whether there is another page. In the operator's own turn: no
  // organization has this id.
  const all = yield* historyOf(owner, id, { after, limit: limit + 1 }, "");
  if (all.length === 0 && found === null) return null;
  const events = all.slice(0, limit);
  const next = all.length > limit ? events.at(-1)?.position ?? null : null;
  const page: NumberHistory = { organization: owner, events, next };
  return page;
});
