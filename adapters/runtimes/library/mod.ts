/** The ledger for programs that embed it. */
import type { Ledger } from "../../ledger/api/mod.ts";
import type { LedgerOptions } from "./options.ts";

export type { LedgerOptions } from "./options.ts";

/**
 * Opens a ledger over a log and a carrier, and starts its automations. Close it, or hold it by
 * `await using`, to finish what is under way; the log is closed with it. Rejects with an
 * `InvalidArgument` that names what does not fit; nothing has begun then, and the log stays open.
 *
 * The implementation is loaded here and not with the module, so that importing it costs little.
 *
 * @example
 * ```ts
 * import { openLedger } from "ledgerline";
 * import { openSandboxCarrier } from "ledgerline/carriers/sandbox";
 * import { openMemoryLog } from "ledgerline/memory";
 *
 * await using ledger = await openLedger({
 *   log: openMemoryLog(),
 *   carrier: openSandboxCarrier(),
 * });
 * ```
 */
export const openLedger = async (options: LedgerOptions): Promise<Ledger> => {
  const { open } = await import("./opening.ts");
  return open(options);
};
