/**
 * The receiver's side of webhooks: verifies messages, and handles each event once. It needs
 * WebCrypto and nothing else, and runs on Node, Deno, workerd and in browsers.
 *
 * @module
 */
export { consume, openMemoryPositions, type PositionStore } from "../webhooks/receiver/consume.ts";
export type { WebhookEvent } from "../webhooks/receiver/events.ts";
export type { BodyRefusal, GivenHeaders, GivenMessage } from "../webhooks/receiver/message.ts";
export type { SignatureRefusal } from "../signatures/verification.ts";
export { verify, type VerifyOptions, type WebhookRefusal } from "../webhooks/receiver/verify.ts";
