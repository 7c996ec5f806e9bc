/** The suite passes a sender of webhooks that fulfils its port, and finds each that does not. */
import { describe } from "node:test";
import type { WebhookMessage, WebhookSender } from "../../../core/ports/mod.ts";
import { failed, ok } from "../../../core/values/result.ts";
import type {
  EndpointBehaviour,
  NamedAddress,
  NamedSenderSubject,
  WebhookSenderSubject,
} from "../contract/webhook-endpoints.ts";
import { webhookSenderContract } from "../contract/webhook-sender.ts";
import { openFakeEndpoints } from "../fake-endpoints.ts";
import { ANSWERS } from "./endpoint-answers.ts";
import { findsOut, type Planted } from "./support.ts";

const URL = "https://hooks.example/hook?token=secret";

const PLACES_EACH = 3;

type Outcome = Awaited<ReturnType<WebhookSender["send"]>>;

/** The parts of a sender, in which faults are planted. */
type Parts = {
  readonly send: (sender: WebhookSender, message: WebhookMessage) => Promise<Outcome>;
  /** The addresses that are connected to, one after the other. */
  readonly pick: (lookUp: () => readonly NamedAddress[]) => readonly NamedAddress[];
};

const isNotRefused = (address: NamedAddress): boolean => address !== "refused";

const GOOD: Parts = {
  send: (sender, message) => sender.send(message),
  pick: (lookUp) => lookUp().filter(isNotRefused),
};

const openWith = ({ send }: Parts, behaviour: EndpointBehaviour): Promise<WebhookSenderSubject> => {
  const endpoints = openFakeEndpoints({ placesEach: PLACES_EACH });
  const hook = endpoints.at(URL);
  hook.answers(ANSWERS[behaviour]);
  return Promise.resolve({
    sender: { send: (message) => send(endpoints.sender, message) },
    url: URL,
    received: () => hook.received,
    placesEach: PLACES_EACH,
    // All that comes, comes immediately.
    patienceMs: 500,
    close: () => Promise.resolve(),
  });
};

const openNamedWith = (
  { pick }: Parts,
  lists: readonly (readonly NamedAddress[])[],
): Promise<NamedSenderSubject> => {
  const counts = { lookUps: 0, allowed: 0, refused: 0, dead: 0 };
  const lookUp = (): readonly NamedAddress[] => {
    const list = lists[Math.min(counts.lookUps, lists.length - 1)] ?? [];
    counts.lookUps += 1;
    return list;
  };
  const outcomeOf = (addresses: readonly NamedAddress[]): Outcome => {
    for (const address of addresses) {
      counts[address] += 1;
      if (address !== "dead") return ok({ status: 200, retryAfterMs: null, answer: "", ms: 0 });
    }
    const isKnown = lists.some((list) => list.length > 0);
    const code = addresses.length > 0 || !isKnown ? "UNREACHABLE" : "ADDRESS_REFUSED";
    return failed({ code, message: "there is no such endpoint", ms: 0 });
  };
  return Promise.resolve({
    sender: { send: () => Promise.resolve(outcomeOf(pick(lookUp))) },
    url: URL,
    lookUps: () => counts.lookUps,
    atAllowed: () => counts.allowed,
    atRefused: () => counts.refused,
    close: () => Promise.resolve(),
  });
};

/** A sender that says something else of what came of a message. */
const saying =
  (change: (outcome: Outcome, message: WebhookMessage) => Outcome) => (): Partial<Parts> => ({
    send: async (sender, message) => change(await sender.send(message), message),
  });

const answering = (
  change: (value: Extract<Outcome, { readonly ok: true }>["value"]) => object,
) => saying((outcome) => outcome.ok ? ok({ ...outcome.value, ...change(outcome.value) }) : outcome);

const failingWith = (
  change: (
    error: Extract<Outcome, { readonly ok: false }>["error"],
    message: WebhookMessage,
  ) => object,
) =>
  saying((outcome, message) =>
    outcome.ok ? outcome : failed({ ...outcome.error, ...change(outcome.error, message) })
  );

const takenAfter = (code: string) =>
  saying((outcome) =>
    !outcome.ok && outcome.error.code === code
      ? ok({ status: 200, retryAfterMs: null, answer: "", ms: 0 })
      : outcome
  );

const SENDERS: Planted<Parts> = {
  // What it says of an answer.
  "says nothing of `Retry-After`": answering(() => ({ retryAfterMs: null })),
  "lets an endpoint ask for any time": answering(({ retryAfterMs }) => ({
    retryAfterMs: retryAfterMs === 86_400_000 ? 9_999_999_000 : retryAfterMs,
  })),
  "gives an answer as it came": answering(({ answer }) => ({
    answer: answer.replace("\u{fffd}[31m", "\u001b[31m"),
  })),
  "cuts no answer": answering(({ answer }) => ({ answer: answer.repeat(2) })),
  "gives nothing of an answer": answering(() => ({ answer: "" })),
  "has one status for all": answering(() => ({ status: 200 })),
  "measures parts of milliseconds": answering(() => ({ ms: 0.5 })),
  "takes silence for a yes": takenAfter("TIMED_OUT"),
  "takes a lost answer for a yes": takenAfter("UNREACHABLE"),
  "takes nonsense for a yes": takenAfter("ANSWER_INVALID"),
  "trusts any certificate": takenAfter("TLS_FAILED"),
  // What it says of a failure.
  "has one code for all failures": failingWith(() => ({ code: "UNREACHABLE" })),
  "discloses the URL": failingWith((_, { url }) => ({ message: `POST ${url} came to nothing` })),
  "gives no reason": failingWith(() => ({ message: "" })),
  "rejects": () => ({
    send: async (sender, message) => {
      const outcome = await sender.send(message);
      if (outcome.ok) return outcome;
      throw new Error(outcome.error.message);
    },
  }),
  "waits forever": () => ({
    send: async (sender, message) => {
      const outcome = await sender.send(message);
      if (!outcome.ok && outcome.error.code === "TIMED_OUT") return new Promise(() => {});
      return outcome;
    },
  }),
  // What it sends.
  "sends nothing": () => ({
    send: () => Promise.resolve(ok({ status: 200, retryAfterMs: null, answer: "taken", ms: 0 })),
  }),
  "sends each twice": () => ({
    send: async (sender, message) => {
      await sender.send(message);
      return await sender.send(message);
    },
  }),
  "sends again what failed": () => ({
    send: async (sender, message) => {
      const outcome = await sender.send(message);
      return outcome.ok ? outcome : await sender.send(message);
    },
  }),
  "follows redirects": () => ({
    send: async (sender, message) => {
      const outcome = await sender.send(message);
      return outcome.ok && outcome.value.status === 302 ? await sender.send(message) : outcome;
    },
  }),
  "leaves out the signature": () => ({
    send: (sender, message) => sender.send({ ...message, headers: {} }),
  }),
  "writes the body anew": () => ({
    send: (sender, message) => sender.send({ ...message, body: `${message.body} ` }),
  }),
  // How much it has under way.
  "is never busy": () => {
    let sent = 0;
    return {
      send: (sender, message) => sender.send({ ...message, endpoint: `wh_${sent++}` }),
    };
  },
  "counts all endpoints as one": () => ({
    send: (sender, message) => sender.send({ ...message, endpoint: "wh_1" }),
  }),
  "loses a place with each message": () => {
    let left = PLACES_EACH;
    return {
      send: async (sender, message) =>
        left-- > 0
          ? await sender.send(message)
          : failed({ code: "BUSY", message: "there is no place", ms: 0 }),
    };
  },
  // What it connects to.
  "checks no address": () => ({ pick: (lookUp) => lookUp() }),
  "looks the name up again once it was checked": () => ({
    pick: (lookUp) => lookUp().some(isNotRefused) ? lookUp() : [],
  }),
  "connects to any address where one is allowed": () => ({
    pick: (lookUp) => {
      const found = lookUp();
      return found.some(isNotRefused) ? found : [];
    },
  }),
  "connects to none where one is refused": () => ({
    pick: (lookUp) => {
      const found = lookUp();
      return found.every(isNotRefused) ? found : [];
    },
  }),
  "tries one address alone": () => ({
    pick: (lookUp) => lookUp().filter(isNotRefused).slice(0, 1),
  }),
};

describe("the contract of senders of webhooks", () => {
  findsOut(
    SENDERS,
    (runner, plant) =>
      webhookSenderContract(
        runner,
        "planted",
        (behaviour) => openWith(plant(GOOD), behaviour),
        { openNamed: (lists) => openNamedWith(plant(GOOD), lists) },
      ),
  );
});
