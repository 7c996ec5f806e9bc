/** Does what was asked of a ledger. */
import { unreachable } from "../../../core/values/unreachable.ts";
import { buy } from "./buy.ts";
import type { Context } from "./context.ts";
import { asWho, type Call } from "./mod.ts";
import * as reads from "./reads.ts";
import { release } from "./release.ts";
import * as writes from "./writes.ts";

/** Makes the command's calls, and prints what they answer; throws a `CommandFailed` otherwise. */
export const runCall = (context: Context, call: Call): Promise<void> => {
  switch (call.name) {
    case "organization open":
      return writes.openOrganization(context, call.id, { name: call.called, plan: call.plan });
    case "organization list":
      return reads.listOrganizations(context, call.limit);
    case "organization show":
      return reads.showOrganization(context, call.id);
    case "organization close":
      return writes.closeOrganization(context, call.id, call.isSure);
    case "organization credit":
      return writes.addCredits(context, call.id, call.amount, call.key);
    case "token issue": {
      const { organization, email, called = email, isSandbox, scope, expires, key } = call;
      return writes.issueToken(context, organization, key, {
        email,
        name: called,
        ...(isSandbox && { sandbox: true }),
        ...(scope !== undefined && { scope }),
        ...(expires !== undefined && { expiresAt: expires }),
      });
    }
    case "token list":
      return reads.listTokens(context, call.organization, call.limit);
    case "token revoke":
      return writes.revokeToken(context, call.id);
    case "plan list":
      return reads.listPlans(context);
    case "plan show":
      return reads.showPlan(context, call.plan);
    case "plan set":
      return writes.setPlan(context, call.organization, call.plan);
    case "search":
      return reads.search(context, call.filters);
    case "buy":
      return buy(context, call.wanted, call.isSure, call.key);
    case "list":
      return reads.listNumbers(context, call.filters, call.isAll, call.limit);
    case "history":
      return reads.showHistory(context, asWho(call), call.id, call.of ?? {}, call.limit);
    case "show":
      return reads.showNumber(context, call.id);
    case "release":
      return release(context, asWho(call), call.id, call.isSure, call.key);
    case "work":
      return reads.listWork(context, { state: call.state, until: call.until }, call.limit);
    case "work run":
      return writes.runWork(context, call.item);
    case "reconcile":
      return writes.reconcile(context, call.carrier);
    default:
      return unreachable(call);
  }
};
