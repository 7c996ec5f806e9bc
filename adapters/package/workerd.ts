/**
 * Ledgerline as a worker, for Cloudflare's Workers and others that run workerd: the whole HTTP API
 * over a log in PostgreSQL.
 *
 * @module
 */
export {
  createWorker,
  default,
  type Worker,
  type WorkerContext,
  type WorkerOptions,
} from "../runtimes/workerd/mod.ts";
