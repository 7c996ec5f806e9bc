/**
 * The sandbox carrier, which sells numbers of real numbering plans and costs nothing.
 *
 * @module
 */
export { openSandboxCarrier, type SandboxOptions } from "../carrier/sandbox/carrier.ts";
export { type Behaviour, DOCUMENT_MAGIC, MAGIC } from "../carrier/sandbox/magic.ts";
export { openMemoryOrderBook } from "../carrier/sandbox/memory.ts";
export type { OrderBook, Sale, TakenOrder } from "../carrier/sandbox/orders.ts";
export { DECLINED_GROUP } from "../carrier/sandbox/requirements.ts";
export { openSqlOrderBook } from "../carrier/sandbox/sql.ts";
