/**
 * The sandbox carrier, which sells numbers of real numbering plans and costs nothing.
 *
 * @module
 */
export { openSandboxCarrier } from "../carrier/sandbox/carrier.ts";
export { MAGIC } from "../carrier/sandbox/magic.ts";
export { openMemoryOrderBook } from "../carrier/sandbox/memory.ts";
export type { OrderBook } from "../carrier/sandbox/orders.ts";
export { openSqlOrderBook } from "../carrier/sandbox/sql.ts";
