/** `buy`: says what a number costs and asks, and then buys it once. */
import { isJsonObject } from "../../../core/values/text.ts";
import { shown } from "../escape.ts";
import { CommandFailed, failureOf, type Reply, STATUS } from "../failures.ts";
import { call } from "../target/mod.ts";
import * as columns from "./columns.ts";
import type { Context } from "./context.ts";
import type { BuyWords } from "./mod.ts";
import { doOnce } from "./once.ts";
import { assertAbout, memberOf, printRecord, textOf } from "./print.ts";
import { assertSure } from "./writes.ts";

/** What is asked before, with the price; throws where it would be refused. */
const questionOf = async ({ target }: Context, wanted: BuyWords): Promise<string> => {
  const { json } = await call(target, {
    method: "POST",
    path: "/ledger/dry-run",
    as: "organization",
    body: { command: { type: "purchase", ...wanted } },
  });
  const refusal = memberOf(json, "refusal");
  if (isJsonObject(refusal)) {
    const status = Number(refusal["status"]);
    throw failureOf({ status: Number.isFinite(status) ? status : 400, json: refusal });
  }
  const purchase = memberOf(json, "purchase");
  const [setup, monthly, paidFrom] = ["setupUsd", "monthlyUsd", "paidFrom"].map((name) =>
    textOf(purchase, name, target.where)
  );
  return `Buy ${wanted.e164} for ${setup} USD now and ${monthly} USD a month (paid from: ${paidFrom})?`;
};

/** Prints what was bought; throws where that is another number, or none. */
const printBought = async (
  context: Context,
  wanted: BuyWords,
  { status, json }: Reply,
): Promise<void> => {
  assertAbout(context.target, json, "e164", wanted.e164);
  if (textOf(json, "status", context.target.where) === "failed") {
    const why = memberOf(memberOf(json, "failure"), "message");
    const says = typeof why === "string" ? `: ${shown(why)}` : "";
    throw new CommandFailed(STATUS.refused, `${wanted.e164} could not be bought${says}`);
  }
  await printRecord(context, json, columns.NUMBERS);
  if (status === 202) {
    context.screen.note(
      "the carrier has not confirmed it yet: a server goes on, and ledgerline list says how it ends",
    );
  }
};

/** Asks for a price and a yes, and buys; a purchase under one key is made once. */
export const buy = async (
  context: Context,
  wanted: BuyWords,
  isSure: boolean,
  key: string | undefined,
): Promise<void> => {
  if (!isSure) await assertSure(context, false, "buy", await questionOf(context, wanted));
  const question = {
    method: "POST",
    path: "/ledger/numbers",
    as: "organization",
    body: wanted,
  } as const;
  await doOnce(context.target, {
    question,
    key,
    asked: !isSure,
    what: "bought",
    finish: (reply) => printBought(context, wanted, reply),
  });
};
