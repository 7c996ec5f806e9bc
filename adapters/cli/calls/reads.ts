/** The commands that only read. */
import { shown } from "../escape.ts";
import { CommandFailed, STATUS } from "../failures.ts";
import { call, numberPath, path, type Whose } from "../target/mod.ts";
import * as columns from "./columns.ts";
import type { Context } from "./context.ts";
import type { ListWords, SearchWords } from "./mod.ts";
import { listOf, memberOf, printPages, printRecord, printRows } from "./print.ts";

type Limit = number | undefined;

/** `organization list`: by id. */
export const listOrganizations = (context: Context, limit: Limit): Promise<void> =>
  printPages(context, {
    as: "operator",
    path: "/admin/organizations",
    items: "organizations",
    columns: columns.ORGANIZATIONS,
    empty: "there are no organizations yet: ledgerline organization open <id>",
  }, limit);

/** `organization show`. */
export const showOrganization = async (context: Context, id: string): Promise<void> => {
  const { json } = await call(context.target, {
    method: "GET",
    path: path`/admin/organizations/${id}`,
    as: "operator",
  });
  await printRecord(context, json, columns.ORGANIZATION);
};

/** `token list`: the oldest first, without secrets. */
export const listTokens = (
  context: Context,
  organization: string,
  limit: Limit,
): Promise<void> =>
  printPages(context, {
    as: "operator",
    path: path`/admin/organizations/${organization}/tokens`,
    items: "tokens",
    columns: columns.TOKENS,
    empty: "it has no tokens: ledgerline token issue",
  }, limit);

const plansOf = async ({ target }: Context): Promise<readonly unknown[]> => {
  const { json } = await call(target, { method: "GET", path: "/admin/plans", as: "operator" });
  return listOf(json, "plans", target.where);
};

/** `plan list`. */
export const listPlans = async (context: Context): Promise<void> =>
  printRows(context, await plansOf(context), columns.PLANS);

/** `plan show`: one of the catalogue, by its name. */
export const showPlan = async (context: Context, name: string): Promise<void> => {
  const plans = await plansOf(context);
  const found = plans.find((plan) => memberOf(plan, "name") === name);
  if (found !== undefined) return await printRecord(context, found, columns.PLANS);
  const names = plans.map((plan) => shown(String(memberOf(plan, "name")))).join(", ");
  throw new CommandFailed(
    STATUS.refused,
    `there is no plan ${JSON.stringify(name)}: there are ${names}`,
  );
};

/** `search`: what the carrier sells now. */
export const search = async (
  context: Context,
  { features, nearby, ...filters }: SearchWords,
): Promise<void> => {
  const { json } = await call(context.target, {
    method: "POST",
    path: "/ledger/searches",
    as: "organization",
    body: {
      ...filters,
      ...(features !== undefined && { features: features.split(",") }),
      ...(nearby && { nearby }),
    },
  });
  const offers = listOf(json, "offers", context.target.where);
  if (offers.length === 0) context.screen.note("the carrier sells no such numbers now");
  else await printRows(context, offers, columns.OFFERS);
  const areas = memberOf(json, "nearby");
  if (Array.isArray(areas) && areas.length > 0) {
    context.screen.note(`in the area codes nearby: ${shown(areas.join(", "))}`);
  }
};

/** What the operator's list of all numbers can be narrowed by. */
const FOR_ALL = ["status"];

/** `list`: an organization's numbers, the oldest first; with `isAll` those of all of them. */
export const listNumbers = (
  context: Context,
  filters: ListWords,
  isAll: boolean,
  limit: Limit,
): Promise<void> => {
  const others = Object.entries(filters).filter(([name, value]) =>
    value !== undefined && !FOR_ALL.includes(name)
  );
  if (isAll && others.length > 0) {
    throw new CommandFailed(STATUS.wrongUse, "list --all can be narrowed by --status alone");
  }
  return printPages(context, {
    as: isAll ? "operator" : "organization",
    path: isAll ? "/admin/numbers" : "/ledger/numbers",
    query: filters,
    items: "numbers",
    columns: isAll ? columns.ALL_NUMBERS : columns.NUMBERS,
    empty: "there are no such numbers",
  }, limit);
};

/** `show`: one number. */
export const showNumber = async (context: Context, id: string): Promise<void> => {
  const { json } = await call(context.target, {
    method: "GET",
    path: path`/ledger/numbers/${id}`,
    as: "organization",
  });
  await printRecord(context, json, columns.NUMBER);
};

/**
 * `history`: what happened to a number, the oldest first. The operator is shown that of anyone's,
 * and says whose it was once it has been released.
 */
export const showHistory = (
  context: Context,
  as: Whose,
  id: string,
  query: { readonly organization?: string | undefined },
  limit: Limit,
): Promise<void> =>
  printPages(context, {
    as,
    query,
    path: `${numberPath(as, id)}/history`,
    items: "events",
    columns: columns.EVENTS,
    empty: "nothing happened to it",
  }, limit);

/** `work`: what automations have to do, the longest due first. */
export const listWork = (
  context: Context,
  query: { readonly state: string | undefined; readonly until: string | undefined },
  limit: Limit,
): Promise<void> =>
  printPages(context, {
    as: "operator",
    path: "/admin/work",
    query,
    items: "work",
    columns: columns.WORK,
    empty: "nothing is due",
  }, limit);
