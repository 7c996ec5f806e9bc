/** The commands that change something, but for a purchase. */
import { CommandFailed, STATUS } from "../failures.ts";
import { call, path } from "../target/mod.ts";
import * as columns from "./columns.ts";
import type { Context } from "./context.ts";
import type { WorkName } from "./mod.ts";
import { callOnce } from "./once.ts";
import { listOf, memberOf, notOurs, printRecord, printRows } from "./print.ts";

/** Puts an organization's name and plan; what it is then. */
const putOrganization = async (
  { target }: Context,
  id: string,
  body: { readonly name: string; readonly plan: string },
): Promise<unknown> => {
  const to = path`/admin/organizations/${id}`;
  return (await call(target, { method: "PUT", path: to, as: "operator", body })).json;
};

/** The plan that an organization has when nothing else is said. */
const FIRST_PLAN = "Free";

/** The plan of an organization that was closed, which none can be given. */
const CLOSED = "ledgerline:closed";

/**
 * `organization open`: the same again changes nothing. What is left out stays where the
 * organization is open already; else it is called by its id, and has the first plan.
 */
export const openOrganization = async (
  context: Context,
  id: string,
  given: { readonly name: string | undefined; readonly plan: string | undefined },
): Promise<void> => {
  const to = path`/admin/organizations/${id}`;
  const isWhole = given.name !== undefined && given.plan !== undefined;
  const there = isWhole
    ? null
    : (await context.target.ask({ method: "GET", path: to, as: "operator" })).json;
  const [name, plan] = [memberOf(there, "name"), memberOf(there, "plan")];
  const opened = await putOrganization(context, id, {
    name: given.name ?? (typeof name === "string" ? name : id),
    plan: given.plan ?? (typeof plan === "string" && plan !== CLOSED ? plan : FIRST_PLAN),
  });
  await printRecord(context, opened, columns.ORGANIZATION);
};

/** `plan set`: an organization has this plan from now on. */
export const setPlan = async (context: Context, id: string, plan: string): Promise<void> => {
  const to = path`/admin/organizations/${id}`;
  const { json } = await call(context.target, { method: "GET", path: to, as: "operator" });
  const name = memberOf(json, "name");
  const changed = await putOrganization(context, id, {
    name: typeof name === "string" ? name : id,
    plan,
  });
  await printRecord(context, changed, columns.ORGANIZATION);
};

/** Asks, unless that is said already; throws where the answer is no, or nobody can be asked. */
export const assertSure = async (
  { screen }: Context,
  isSure: boolean,
  command: string,
  question: string,
): Promise<void> => {
  if (isSure) return;
  const answer = await screen.confirm(question);
  if (answer === true) return;
  throw answer === null
    ? new CommandFailed(
      STATUS.wrongUse,
      `${command} asks at a terminal whether it is meant; a program gives --yes`,
    )
    : new CommandFailed(STATUS.refused, "nothing was done");
};

const leftOf = (json: unknown): number => {
  const left = memberOf(json, "numbers");
  return typeof left === "number" ? left : 0;
};

/**
 * `organization close`: goes on while each call leaves fewer numbers, of which one begins the
 * release of a bounded number.
 */
export const closeOrganization = async (
  context: Context,
  id: string,
  isSure: boolean,
): Promise<void> => {
  const to = path`/admin/organizations/${id}`;
  const { json: there } = await call(context.target, { method: "GET", path: to, as: "operator" });
  await assertSure(
    context,
    isSure,
    "organization close",
    `Close ${
      String(memberOf(there, "name"))
    } (${id}): release all its numbers, and revoke its tokens?`,
  );
  let last = Number.POSITIVE_INFINITY;
  for (;;) {
    const { json } = await call(context.target, { method: "DELETE", path: to, as: "operator" });
    const left = leftOf(json);
    if (left > 0 && left < last) {
      last = left;
      continue;
    }
    await printRecord(context, json, [
      ...columns.ORGANIZATION,
      { title: "NUMBERS", of: ({ numbers }) => numbers },
    ]);
    if (left > 0) {
      context.screen.note(
        `numbers that are being released: ${left}; a server ends that, and the same command says ` +
          "how many are left",
      );
    }
    return;
  }
};

/** `organization credit`: adds to what is prepaid, once under a key. */
export const addCredits = async (
  context: Context,
  id: string,
  amount: string,
  key: string | undefined,
): Promise<void> => {
  const { json } = await callOnce(
    context.target,
    {
      method: "POST",
      path: path`/admin/organizations/${id}/credits`,
      as: "operator",
      body: { amount },
    },
    key,
    "added",
  );
  await printRecord(context, json, [{ title: "CREDITS", of: ({ credits }) => credits }]);
};

/** `token issue`: the secret is shown this once. */
export const issueToken = async (
  context: Context,
  organization: string,
  user: {
    readonly email: string;
    readonly name: string;
    readonly sandbox?: true;
    readonly scope?: string;
    readonly expiresAt?: string;
  },
): Promise<void> => {
  const { json } = await call(context.target, {
    method: "POST",
    path: path`/admin/organizations/${organization}/tokens`,
    as: "operator",
    body: user,
  });
  const token = memberOf(json, "token");
  if (typeof token !== "string") throw notOurs(context.target.where, "there is no token");
  await printRecord(context, json, [
    { title: "ID", of: ({ id }) => id },
    { title: "TOKEN", of: () => token },
  ]);
  context.screen.note("the token is shown this once: keep it, as LEDGERLINE_TOKEN for example");
};

/** `token revoke`. */
export const revokeToken = async (context: Context, id: string): Promise<void> => {
  const to = path`/admin/tokens/${id}`;
  const { status } = await call(context.target, { method: "DELETE", path: to, as: "operator" });
  if (status !== 204) throw notOurs(context.target.where, "nothing says that it is revoked");
  await printRecord(context, { id, revoked: true }, [
    { title: "REVOKED", of: (row) => row["id"] },
  ]);
};

/** `work run`: has an item of work tried now. */
export const runWork = async (context: Context, item: WorkName): Promise<void> => {
  const { json } = await call(context.target, {
    method: "POST",
    path: "/admin/work/run",
    as: "operator",
    body: item,
  });
  await printRecord(context, json, columns.TRIED);
};

/** `reconcile`: compares the carrier's numbers with ours, and repairs as the settings say. */
export const reconcile = async (
  context: Context,
  carrier: string | undefined,
): Promise<void> => {
  const { json } = await call(context.target, {
    method: "POST",
    path: "/admin/reconciliations",
    as: "operator",
    isLong: true,
    body: carrier === undefined ? {} : { carrier },
  });
  await printRecord(context, json, columns.RECONCILIATION);
  if (context.isJson) return;
  const drifts = listOf(json, "drifts", context.target.where);
  if (drifts.length > 0) await printRows(context, drifts, columns.DRIFTS);
};
