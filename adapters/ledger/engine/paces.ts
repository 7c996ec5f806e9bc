import * as Context from "effect/Context";

/**
 * Whether readings in slices pause. Not where time is not the machine's: a simulation takes the
 * ledger to be still when all promises have settled, and how busy the machine is must change no
 * history.
 */
export const Paces = Context.Reference<boolean>("ledgerline/Paces", { defaultValue: () => true });
