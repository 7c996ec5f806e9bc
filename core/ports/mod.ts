/**
 * The ports: everything that the domain needs from the world, as types only. Each has a contract
 * suite in `tests/harness/contract`, which every adapter passes.
 */
export type * from "./carrier-webhook.ts";
export type * from "./carrier.ts";
export type * from "./clock.ts";
export type * from "./deliveries.ts";
export type * from "./ids.ts";
export type * from "./kept-answers.ts";
export type * from "./leases.ts";
export type * from "./log.ts";
export type * from "./notifier.ts";
export type * from "./payments.ts";
export type * from "./rate-limiter.ts";
export type * from "./rows.ts";
export type * from "./token-uses.ts";
export type * from "./webhook-sender.ts";
