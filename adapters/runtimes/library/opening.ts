import { assertArguments } from "../../validation/argument.ts";
import { openIds } from "../../clock/ids.ts";
import { openTrustedClock } from "../../clock/trusted.ts";
import type { Ledger } from "../../ledger/api/mod.ts";
import { openLedger, type RunOptions } from "../../ledger/mod.ts";
import { includedPayments } from "../../payments/included.ts";
import { type LedgerOptions, OptionsSchema } from "./options.ts";

/**
 * Opens a ledger with the given options, and defaults for the rest. Throws an `InvalidArgument`
 * that names what does not fit; nothing has begun then.
 */
export const open = (options: LedgerOptions, run: RunOptions = {}): Ledger => {
  assertArguments({ options: OptionsSchema }, [options]);
  const clock = options.clock ?? openTrustedClock();
  return openLedger({
    ...options,
    ...run,
    clock,
    ids: options.ids ?? openIds(clock),
    payments: options.payments ?? includedPayments,
  });
};
