import { assertArguments } from "../../validation/argument.ts";
import { openIds } from "../../clock/ids.ts";
import { openTrustedClock } from "../../clock/trusted.ts";
import type { Ledger } from "../../ledger/api/mod.ts";
import type { LedgerOptions as AllOptions } from "../../ledger/api/options.ts";
import { openLedger } from "../../ledger/mod.ts";
import { includedPayments } from "../../payments/included.ts";
import { type LedgerOptions, OptionsSchema } from "./options.ts";

/**
 * The given options, and defaults for the rest. Throws an `InvalidArgument` that names what does
 * not fit.
 */
export const complete = (options: LedgerOptions): AllOptions => {
  assertArguments({ options: OptionsSchema }, [options]);
  const clock = options.clock ?? openTrustedClock();
  return {
    ...options,
    clock,
    ids: options.ids ?? openIds(clock),
    payments: options.payments ?? includedPayments,
  };
};

/** Opens a ledger with the given options, and defaults for the rest. Throws as `complete` does. */
export const open = (options: LedgerOptions): Ledger => openLedger(complete(options));
