/** Runs of the model against whole applications in memory. */
import fc from "fast-check";
import { NO_LIMITS, type PlanLimits } from "../../core/values/plan.ts";
import type { NumberClient } from "../harness/model/client.ts";
import { numberCommands, runCommands } from "../harness/model/commands.ts";
import { ledgerClient } from "../harness/model/ledger.ts";
import { openTestApp, type TestApp } from "./app.ts";

/** So many days that a month is over. */
export const DAYS_S = 40 * 86_400;
/** So few that runs reach the limit of the plan. */
export const MAX_NUMBERS = 3;
export const PLANS = {
  Small: {
    name: "Small",
    maxNumbers: MAX_NUMBERS,
    billing: "subscription",
    verification: "none",
    limits: NO_LIMITS,
  },
} as const;
/** So few that runs reach the quota before they reach the limit. */
export const QUOTA = 2;
export const LIMITED = { ...NO_LIMITS, purchasesPerDay: QUOTA, purchasesPer30Days: QUOTA };
export const CALLER = {
  organization: "acme",
  actor: { kind: "user", tokenId: "tk_1", email: "alice@example.com", name: "Alice Johnson" },
} as const;

/** Makes a client of a whole application in memory, in which `acme` was opened. */
export type MakeClient = (app: TestApp, token: string) => NumberClient | Promise<NumberClient>;

/** Calls of the library. */
export const overLibrary: MakeClient = ({ ledger }) => ledgerClient(ledger, CALLER);

/** What a model run found: what was wrong, and the commands that it took. */
export type Finding = { readonly error: unknown; readonly commands: readonly string[] };

/** Gives commands to clients of fresh applications; null when all holds. */
export const look = async (
  makeClient: MakeClient,
  parameters: { readonly numRuns: number; readonly seed?: number },
  { limits = NO_LIMITS, quota }: { readonly limits?: PlanLimits; readonly quota?: number } = {},
): Promise<Finding | null> => {
  const property = fc.asyncProperty(numberCommands(), async (commands) => {
    const app = openTestApp({ plans: { Small: { ...PLANS.Small, limits } } });
    const options = { maxNumbers: MAX_NUMBERS, ...(quota !== undefined && { quota }) };
    try {
      const client = await makeClient(app, await app.organization("acme", "Small"));
      const pass = () => app.advance(DAYS_S);
      await runCommands(client, commands, { ...options, pass });
    } finally {
      await app.close();
    }
  });
  const result = await fc.check(property, parameters);
  if (!result.failed) return null;
  const commands = String(result.counterexample?.[0]).replace(/\/\*.*\*\//, "").split(",");
  return { error: result.errorInstance, commands };
};
