import * as Context from "effect/Context";

/**
 * Whether readings in slices pause. Not where time is simulated: a simulation considers the ledger
 * idle when all promises have settled, and the load of the machine must not change its outcome.
 */
export const Paces = Context.Reference<boolean>("ledgerline/Paces", { defaultValue: () => true });
