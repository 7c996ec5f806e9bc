/**
 * The testing kit for phone numbers. It needs fast-check beside it, and works with any test runner;
 * what is heavy (`simulate`) is loaded when it is used.
 *
 * @module
 */
export { openTestClock, type TestClock } from "../../adapters/clock/test.ts";
export { type Fault as TelnyxFault, type Often as TelnyxOften } from "./emulators/telnyx/faults.ts";
export {
  openTelnyx,
  type Telnyx,
  type TelnyxCharge,
  type TelnyxNumber,
  type TelnyxOptions,
  type TelnyxOrder,
} from "./emulators/telnyx/mod.ts";
export type { Endpoint as TelnyxEndpoint } from "./emulators/telnyx/routes.ts";
export type {
  Group as TelnyxRequirementGroup,
  ReviewStatus as TelnyxReviewStatus,
} from "./emulators/telnyx/requirements.ts";
export type { OrderStatus as TelnyxOrderStatus } from "./emulators/telnyx/account.ts";
export type { Webhooks as TelnyxWebhooks } from "./emulators/telnyx/webhooks.ts";
export * as arbitraries from "./arbitraries/mod.ts";
export { carrierContract, type CarrierSubject } from "./contract/carrier.ts";
export { LOG_FAULTS, type LogFault, type LogFaults } from "./contract/log/faults.ts";
export { eventLogContract, type LogOptions } from "./contract/log/suite.ts";
export {
  type Delivery,
  notifierContract,
  type NotifierOptions,
  type NotifierSubject,
  type Receiver,
  RECEIVER_BEHAVIOURS,
} from "./contract/notifier.ts";
export {
  ENDPOINT_BEHAVIOURS,
  type EndpointBehaviour,
  type NamedAddress,
  type NamedSenderSubject,
  type ReceivedMessage,
  type WebhookSenderOptions,
  type WebhookSenderSubject,
} from "./contract/webhook-endpoints.ts";
export { webhookSenderContract } from "./contract/webhook-sender.ts";
export {
  type FakeAnswer,
  type FakeEndpoint,
  type FakeEndpoints,
  type FakeEndpointsOptions,
  openFakeEndpoints,
} from "./fake-endpoints.ts";
export { keptAnswersContract, type KeptAnswersSubject } from "./contract/kept-answers.ts";
export { rateLimiterContract, type RateLimiterSubject } from "./contract/rate-limiter.ts";
export {
  type PaymentsCallName,
  paymentsContract,
  type PaymentsSubject,
} from "./contract/payments.ts";
export {
  type FaultOptions,
  TRANSPORT_FAULTS,
  type TransportFault,
  type TransportFaults,
} from "./contract/transport.ts";
export {
  Broken,
  CARRIER_FAULTS,
  type CarrierCallName,
  type CarrierFault,
  type FaultyCarrier,
  type FaultyCarrierOptions,
  openFaultyCarrier,
} from "./faulty-carrier.ts";
export { type ClientAnswer, type NumberClient, type SeenNumber, type Why } from "./model/client.ts";
export {
  type CommandsOptions,
  type NumberCommand,
  numberCommands,
  runCommands,
} from "./model/commands.ts";
export { httpClient, type HttpClientOptions, type HttpTarget } from "./model/http.ts";
export { ledgerClient } from "./model/ledger.ts";
export {
  type HeldNumber,
  type KeyedPurchase,
  type ModelOptions,
  type NumberModel,
} from "./model/model.ts";
export {
  runSuite,
  type Test,
  type TestFunctions,
  type TestResult,
  type TestRunner,
  type Work as TestWork,
} from "./runner.ts";
export {
  type Outside,
  type Plant,
  simulate,
  type SimulateOptions,
  type Verdict,
} from "./simulate.ts";
export {
  ACME,
  ALICE,
  at,
  type Circumstances,
  elsewhere,
  type Expected,
  type Given,
  given,
  type Moment,
  type Past,
  stateAfter,
  type Then,
  type When,
} from "./specification.ts";
export * as story from "./story/mod.ts";
export { type Book, type Domain, openDomain, type Saying } from "./domain.ts";
