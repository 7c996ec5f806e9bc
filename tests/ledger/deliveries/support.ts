/** Deliveries over a log, to endpoints that a test has in memory. */
import assert from "node:assert/strict";
import { openTestClock, type TestClock } from "../../../adapters/clock/test.ts";
import { type Courier, openCourier } from "../../../adapters/ledger/deliveries/courier.ts";
import type { WebhookEndpoint as Endpoint } from "../../../core/webhooks/state.ts";
import type { Registry } from "../../../adapters/ledger/deliveries/registry.ts";
import { openSigners } from "../../../adapters/signatures/signers.ts";
import type { FeedEvent } from "../../../adapters/ledger/mod.ts";
import type {
  Deliveries,
  EventDraft,
  EventLog,
  WebhookAnswer,
  WebhookFailure,
  WebhookMessage,
} from "../../../core/ports/mod.ts";
import { failed, ok, type Result } from "../../../core/values/result.ts";
import { appended, appendTo } from "../../harness/contract/log/support.ts";

export const START = Date.parse("2026-01-31T10:00:00Z");
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** What an endpoint answers: a status, or nothing for a reason. */
export type Says = number | WebhookFailure["code"] | Promise<number>;

/** What an endpoint was sent, and what it took, in order. */
export type Received = { readonly event: FeedEvent; readonly at: number; readonly took: boolean };

const resultOf = async (
  says: Says,
  retryAfterMs: number | null,
): Promise<Result<WebhookAnswer, WebhookFailure>> => {
  const said = await says;
  return typeof said === "number"
    ? ok({ status: said, retryAfterMs, answer: "", ms: 1 })
    : failed({ code: said, message: "it is so", ms: 1 });
};

/** A sender whose endpoints answer what `says` says. */
export const openEndpoints = (
  clock: TestClock,
  says: (message: WebhookMessage, event: FeedEvent) => Says,
  retryAfterMs: number | null = null,
) => {
  const received = new Map<string, Received[]>();
  const of = (endpoint: string): Received[] => {
    const known = received.get(endpoint) ?? [];
    received.set(endpoint, known);
    return known;
  };
  return {
    of,
    taken: (endpoint: string): readonly FeedEvent[] =>
      of(endpoint).filter(({ took }) => took).map(({ event }) => event),
    sender: {
      send: async (message: WebhookMessage) => {
        const event: FeedEvent = JSON.parse(message.body);
        assert.equal(message.headers["webhook-id"], event.id);
        const at = clock.now();
        const result = await resultOf(says(message, event), retryAfterMs);
        const took = result.ok && result.value.status < 300;
        of(message.endpoint).push({ event, at, took });
        return result;
      },
    },
  };
};

/** An endpoint as it is added. */
export const endpointOf = (id: string, options: Partial<Endpoint> = {}): Endpoint => ({
  id,
  url: `https://${id}.example/hook`,
  types: [],
  description: "",
  metadata: {},
  world: "all",
  from: 0,
  addedAt: START,
  scheme: "hmac",
  generation: 1,
  oldUntil: null,
  disabled: null,
  ...options,
});

/** A registry that a test changes. */
type TestRegistry = Registry & {
  readonly add: (owner: string, endpoint: Endpoint) => void;
  readonly change: (endpoint: Endpoint) => void;
  readonly drop: (id: string) => void;
};

/** A registry of these endpoints, each with the organization that has it. */
export const registryOf = (
  owned: readonly (readonly [owner: string, endpoint: Endpoint])[],
): TestRegistry => {
  let all = owned.map(([owner, endpoint]) => ({ owner, endpoint }));
  return {
    of: (organization) => all.filter(({ owner }) => owner === organization || owner === "operator"),
    isEmpty: () => all.length === 0,
    get: (id) => all.find(({ endpoint }) => endpoint.id === id),
    current: (_owner, id) =>
      Promise.resolve(all.find(({ endpoint }) => endpoint.id === id)?.endpoint ?? null),
    exists: (id) => Promise.resolve(owned.some(([, endpoint]) => endpoint.id === id)),
    reload: () => Promise.resolve(),
    reloadAll: () => Promise.resolve(),
    add: (owner, endpoint) => void all.push({ owner, endpoint }),
    change: (endpoint) => {
      all = all.map((one) => one.endpoint.id === endpoint.id ? { ...one, endpoint } : one);
    },
    drop: (id) => {
      all = all.filter(({ endpoint }) => endpoint.id !== id);
    },
  };
};

const failing = (what: string, error: unknown): never => {
  throw new Error(what, { cause: error });
};

/** A courier over the log; what it reports fails the test by default. */
export const openTestCourier = (
  log: EventLog,
  clock: TestClock,
  sender: ReturnType<typeof openEndpoints>["sender"],
  registry: TestRegistry,
  { leaseMs = 10_000, report = failing }: {
    readonly leaseMs?: number;
    readonly report?: (what: string, error: unknown) => void;
  } = {},
): { readonly courier: Courier; readonly disabled: string[]; readonly deliveries: Deliveries } => {
  const deliveries = log.deliveries ?? assert.fail("the log keeps no deliveries");
  const disabled: string[] = [];
  const signer = openSigners([SECRET]);
  const courier = openCourier({
    log,
    deliveries,
    clock,
    registry,
    sendingFor: () => Promise.resolve({ sender, signer }),
    disable: (_owner, endpoint, why) => {
      disabled.push(`${endpoint} ${why}`);
      registry.drop(endpoint);
      return Promise.resolve();
    },
    leaseMs,
    report,
  });
  return { courier, disabled, deliveries };
};

const imported = (holding: string): EventDraft => ({
  type: "NumberImported",
  version: 2,
  data: {
    holding,
    e164: "+4922812345678",
    world: "live",
    sipConnection: null,
    sipTrunk: null,
    sipProviderName: null,
    direction: "both",
    label: null,
    template: null,
  },
});

/** Begins these numbers in the organization's log. */
export const begin = async (log: EventLog, organization: string, numbers: readonly string[]) => {
  await appended(log, appendTo(organization, { expected: "any", events: numbers.map(imported) }));
};

/** Assigns these numbers, one after the other. */
export const assign = async (log: EventLog, organization: string, numbers: readonly string[]) => {
  const events = numbers.map((holding) => ({
    type: "NumberAssigned",
    version: 1,
    data: { holding, assistant: "ann" },
  }));
  await appended(log, appendTo(organization, { expected: "any", events }));
};

/** A test clock, and what moves it to each time at which a delivery is due, up to an end. */
export const openTime = () => {
  const clock = openTestClock(START);
  const goTo = async (courier: Courier, end: number): Promise<void> => {
    await courier.settle();
    for (;;) {
      const next = await courier.nextDue(clock.now());
      if (next === null || next > end) break;
      clock.set(next);
      await courier.settle();
    }
    clock.set(end);
    await courier.settle();
  };
  return { clock, goTo };
};

/** The events of each number, in the order in which they came. */
export const byNumber = (events: readonly FeedEvent[]) => {
  const numbers = new Map<string, string[]>();
  for (const { id, data } of events) {
    const number = String(Reflect.get(data, "number"));
    numbers.set(number, [...numbers.get(number) ?? [], id]);
  }
  return numbers;
};
