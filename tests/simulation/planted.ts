/**
 * Faults that are planted to prove the checker: each is a mistake that a ledger like this one could
 * make, put between the real ledger and its ports. The simulation must find every one of them.
 */
import { digest } from "../../adapters/log/digest.ts";
import { chain } from "../../core/log/chain.ts";
import type { EventDraft } from "../../core/ports/mod.ts";
import { carrierClaim } from "../../core/values/claim-key.ts";
import type { E164 } from "../../core/values/e164.ts";
import { failed, ok } from "../../core/values/result.ts";
import type { Plant } from "../harness/simulation/simulated-run.ts";
import { carrier, changing, PLANTED_IN_ROUTES } from "./planted-routes.ts";
import type { Outside } from "../harness/simulation/process.ts";

const payments = (change: (payments: Outside["payments"]) => Partial<Outside["payments"]>): Plant =>
  changing((outside) => ({ payments: { ...outside.payments, ...change(outside.payments) } }));

type Append = Outside["log"]["append"];

/** Changes appends, all else about the log being as it is. */
const appending = (change: (append: Append, outside: Outside) => Append): Plant =>
  changing((outside) => ({
    log: { ...outside.log, append: change(outside.log.append, outside) },
  }));

const has = (events: readonly EventDraft[], type: string): boolean =>
  events.some((event) => event.type === type);

/** The value of an event under `name`. */
const valueIn = ({ data }: EventDraft, name: string): string =>
  String((data as Readonly<Record<string, unknown>>)[name]);

/** The planted faults by what is wrong. */
export const PLANTED: Readonly<Record<string, Plant>> = {
  "orders under a fresh key each time": () => {
    let orders = 0;
    return (outside) => ({
      ...outside,
      carrier: {
        ...outside.carrier,
        order: (asked) => outside.carrier.order({ ...asked, key: `${asked.key}/${orders++}` }),
      },
    });
  },

  "takes a lost answer to an order for a no": carrier(({ order }) => ({
    order: async (asked) => {
      const placed = await order(asked);
      return placed.ok || placed.error.kind !== "unknown"
        ? placed
        : failed({ ...placed.error, kind: "refused" });
    },
  })),

  "never looks an order up": carrier(() => ({ findOrder: async () => ok(null) })),

  "takes a look-up that fails for one that finds nothing": carrier(({ findOrder }) => ({
    findOrder: async (key) => {
      const found = await findOrder(key);
      return found.ok ? found : ok(null);
    },
  })),

  "orders again before the settling delay": carrier(() => ({ settlingMs: 0 })),

  "takes a pending order for a failed one": carrier(({ findOrder, order }) => {
    const impatient: typeof findOrder = async (key) => {
      const found = await findOrder(key);
      return found.ok && found.value?.status === "pending"
        ? ok({ status: "failed", reason: "refused", message: "It takes too long." })
        : found;
    };
    return { findOrder: impatient, order };
  }),

  "does not repeat a release that got no answer": carrier(({ release }) => ({
    release: async (number) => {
      const released = await release(number);
      return released.ok ? released : ok("released");
    },
  })),

  "takes a released number for a failed release": carrier(({ release }) => ({
    release: async (number) => {
      const released = await release(number);
      return released.ok && released.value === "gone"
        ? failed({ kind: "unknown", message: "HTTP 404" })
        : released;
    },
  })),

  ...PLANTED_IN_ROUTES,

  "charges without a key": () => {
    let charges = 0;
    return (outside) => ({
      ...outside,
      payments: {
        ...outside.payments,
        charge: (charge) =>
          outside.payments.charge({ ...charge, key: `${charge.key}/${charges++}` }),
      },
    });
  },

  "takes a lost answer to a charge for a no": payments(({ charge }) => ({
    charge: async (asked) => {
      const answer = await charge(asked);
      return answer === "unknown" ? "declined" : answer;
    },
  })),

  "takes a lost answer to a charge for a yes": payments(({ charge }) => ({
    charge: async (asked) => {
      const answer = await charge(asked);
      return answer === "unknown" ? "paid" : answer;
    },
  })),

  "forgets to refund": payments(() => ({ refund: async () => "refunded" })),

  "bills after the release": appending((append, { payments }) => async (input) => {
    const outcome = await append(input);
    const released = input.events.find(({ type }) => type === "Released");
    if (released !== undefined && outcome.outcome === "appended") {
      const [key, e164] = [`${valueIn(released, "holding")}:9`, valueIn(released, "e164")];
      const amount = { micros: 1, currency: "USD" } as const;
      await payments.charge({
        key,
        e164: e164 as E164,
        amount,
        organization: input.organization,
      });
    }
    return outcome;
  }),

  "gives a notice twice": appending((append) => (input) =>
    append({
      ...input,
      events: input.events.flatMap((event) =>
        event.type === "NoticeGiven" ? [event, event] : [event]
      ),
    })
  ),

  "frees the claim before the carrier let go": appending((append, { log }) => async (input) => {
    const leaving = input.events.find(({ type }) => type === "ReleaseStarted");
    if (leaving === undefined) return append(input);
    const holder = valueIn(leaving, "holding");
    const { rows } = await log.load(input.organization, {
      rows: [{ kind: "number", key: holder }],
    });
    if (rows[0] === undefined) return append(input);
    const { e164 } = rows[0].data as { readonly e164: E164 };
    return append({
      ...input,
      free: [...input.free, { key: carrierClaim("sandbox", e164), holder }],
    });
  }),

  "takes no claim": appending((append) => (input) => append({ ...input, claims: [] })),

  "decides against a head that has moved on": appending((append) => (input) =>
    append({ ...input, expected: "any" })
  ),

  "keeps what follows an append that was refused": appending((append) => async (input) => {
    const outcome = await append(input);
    const { expected } = input;
    const isAhead = outcome.outcome === "conflict" && expected !== "any" &&
      expected.position > outcome.head.position;
    return isAhead ? append({ ...input, expected: "any" }) : outcome;
  }),

  "answers an append before it is committed": appending((append) => async (input) => {
    const { expected, command } = input;
    if (expected === "any") return append(input);
    const events = chain(expected, { ...input, command: command?.id ?? null }, digest)
      .map(({ event }) => event);
    const { position = 0, hash = "" } = events.at(-1) ?? {};
    append(input).catch(() => {});
    return { outcome: "appended", head: { position, hash }, events };
  }),

  "forgets command ids": appending((append) => (input) => append({ ...input, command: null })),

  "counts a failed purchase in the limit": appending((append) => (input) =>
    append({
      ...input,
      rows: has(input.events, "PurchaseFailed")
        ? input.rows.filter(({ kind }) => kind !== "organization")
        : input.rows,
    })
  ),

  "keeps the credits of a failed purchase": appending((append) => (input) =>
    append({
      ...input,
      events: input.events.map((event) =>
        event.type === "PurchaseFailed"
          ? {
            ...event,
            data: { ...event.data as object, refunded: { micros: 0, currency: "USD" } },
          }
          : event
      ),
    })
  ),

  "takes a number that a page leaves out for gone": carrier(({ inventory }) => ({
    inventory: async (after) => {
      const page = await inventory(after);
      return page.ok ? ok({ ...page.value, numbers: page.value.numbers.slice(0, 1) }) : page;
    },
    findNumber: async () => ok(null),
    has: async () => ok(false),
  })),

  "takes every number in the account for its own": carrier(({ order, inventory, findNumber }) => {
    let orderKey: string | null = null;
    const own = <Number extends object>(number: Number) => ({ ...number, orderKey });
    return {
      order: (asked) => {
        orderKey = asked.key;
        return order(asked);
      },
      inventory: async (after) => {
        const page = await inventory(after);
        return page.ok ? ok({ ...page.value, numbers: page.value.numbers.map(own) }) : page;
      },
      findNumber: async (e164) => {
        const found = await findNumber(e164);
        return found.ok && found.value !== null ? ok(own(found.value)) : found;
      },
    };
  }),

  "trusts its clock immediately": changing(({ wall }) => ({ clock: wall })),

  "decides by a clock that it trusts immediately, and dates what follows right": changing(
    ({ wall, clock, log }) => ({
      clock: wall,
      log: { ...log, append: (input) => log.append({ ...input, at: clock.now() }) },
    }),
  ),

  "drops the notice to the reviewers": changing(() => ({
    notifier: { announce: async ({ id }) => ok({ jobId: id }) },
  })),

  "forgets an item of work": changing(({ log }) => ({
    log: {
      ...log,
      due: async (...input) => {
        const items = await log.due(...input);
        return items.filter(({ automation }) => automation !== "refunds");
      },
    },
  })),
};
