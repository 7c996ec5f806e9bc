/** The commands that change something, but for a purchase. */
import { shown } from "../escape.ts";
import { CommandFailed, type Reply, STATUS } from "../failures.ts";
import { call, path } from "../target/mod.ts";
import * as columns from "./columns.ts";
import type { Context } from "./context.ts";
import type { WorkName } from "./mod.ts";
import { advising, doOnce } from "./once.ts";
import { assertAbout, listOf, memberOf, notOurs, printRecord, printRows, textOf } from "./print.ts";

/** Puts an organization's name and plan; what it is then. */
const putOrganization = async (
  { target }: Context,
  id: string,
  body: { readonly name: string; readonly plan: string },
): Promise<unknown> => {
  const to = path`/admin/organizations/${id}`;
  const { json } = await call(target, { method: "PUT", path: to, as: "operator", body });
  assertAbout(target, json, "id", id);
  return json;
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
  const count = (name: string) => Number(memberOf(json, name) ?? 0) || 0;
  return count("numbers") + count("tokens");
};

/** More calls than any organization needs; the same command goes on. */
const MOST_CALLS = 10_000;

/** Closes it, and goes on while each call leaves fewer numbers: one releases a bounded number. */
const closeWhole = async (context: Context, id: string): Promise<void> => {
  const to = path`/admin/organizations/${id}`;
  let last = Number.POSITIVE_INFINITY;
  for (let calls = 1;; calls++) {
    const { json } = await call(context.target, { method: "DELETE", path: to, as: "operator" });
    assertAbout(context.target, json, "id", id);
    const left = leftOf(json);
    if (left > 0 && left < last && calls < MOST_CALLS) {
      last = left;
      continue;
    }
    await printRecord(context, json, [
      ...columns.ORGANIZATION,
      { title: "NUMBERS", of: ({ numbers }) => numbers },
      { title: "TOKENS", of: ({ tokens }) => tokens },
    ]);
    if (left > 0) {
      context.screen.note(
        `numbers to be released and tokens to be revoked: ${left}; a server ends that, and the same ` +
          "command says how many are left",
      );
    }
    return;
  }
};

/** `organization close`: asks before. */
export const closeOrganization = async (
  context: Context,
  id: string,
  isSure: boolean,
): Promise<void> => {
  const to = path`/admin/organizations/${id}`;
  const { json: there } = await call(context.target, { method: "GET", path: to, as: "operator" });
  const name = textOf(there, "name", context.target.where);
  await assertSure(
    context,
    isSure,
    "organization close",
    `Close ${name} (${id}): release all its numbers, and revoke its tokens?`,
  );
  await advising(
    () => closeWhole(context, id),
    "Whether it was closed may not be known: the same command says it, and goes on where it was not",
  );
};

/** `organization credit`: adds to what is prepaid, once under a key. */
export const addCredits = (
  context: Context,
  id: string,
  amount: string,
  key: string | undefined,
): Promise<void> =>
  doOnce(context.target, {
    question: {
      method: "POST",
      path: path`/admin/organizations/${id}/credits`,
      as: "operator",
      body: { amount },
    },
    key,
    what: "added",
    finish: ({ json }) =>
      printRecord(context, json, [{ title: "CREDITS", of: ({ credits }) => credits }]),
  });

/** Prints a token with its secret, which is in no answer but the first. */
const printIssued = async (context: Context, { json }: Reply): Promise<void> => {
  const { where } = context.target;
  const id = textOf(json, "id", where);
  if (memberOf(json, "token") === null) {
    const name = shown(id);
    throw new CommandFailed(
      STATUS.refused,
      `the token ${name} was issued before, and its secret was in the first answer alone: ` +
        `ledgerline token revoke ${name} ends it, and another one is issued without that key`,
    );
  }
  const token = textOf(json, "token", where);
  await printRecord(context, json, [
    { title: "ID", of: () => id },
    { title: "TOKEN", of: () => token },
  ]);
  context.screen.note("the token is shown this once: keep it, as LEDGERLINE_TOKEN for example");
};

/** `token issue`: once under a key; the secret is shown this once. */
export const issueToken = (
  context: Context,
  organization: string,
  key: string | undefined,
  user: {
    readonly email: string;
    readonly name: string;
    readonly sandbox?: true;
    readonly scope?: string;
    readonly expiresAt?: string;
  },
): Promise<void> =>
  doOnce(context.target, {
    question: {
      method: "POST",
      path: path`/admin/organizations/${organization}/tokens`,
      as: "operator",
      body: user,
    },
    key,
    what: "issued",
    finish: (reply) => printIssued(context, reply),
  });

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
