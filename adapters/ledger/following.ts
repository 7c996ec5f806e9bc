/** What of a ledger follows its log: feeds and webhooks. A worker does without. */
import * as Effect from "effect/Effect";
import type { LedgerOptions } from "./api/options.ts";
import { webhookCalls } from "./calls/webhooks.ts";
import { openDeliveries, openSendingFor } from "./deliveries/automation.ts";
import { deliveryCalls } from "./deliveries/calls.ts";
import { scopeOf } from "./engine/scope.ts";
import { Ports } from "./engine/services.ts";
import { follow, followAll } from "./feed/follow.ts";
import { openPublishedFeed } from "./feed/published-feed.ts";
import { openFollowers } from "./feed/wake-up.ts";
import type { Following } from "./open.ts";

/** Follows the log of these ports. */
export const following = (
  ports: Ports["Service"],
  options: Pick<LedgerOptions, "runsAutomations" | "webhooks">,
): Following => {
  const { log } = ports;
  const sendingFor = openSendingFor(ports, options.webhooks);
  const isIdle = sendingFor === null || options.runsAutomations === false;
  const courier = isIdle ? null : openDeliveries(ports, sendingFor);
  const followers = openFollowers();
  const { events, end } = openPublishedFeed({
    log,
    scopeOf: (caller) => Effect.runSync(Effect.provideService(scopeOf(caller), Ports, ports)),
  });
  return {
    beside: async () => {
      await courier?.settle();
      return await courier?.nextDue(ports.clock.now()) ?? null;
    },
    further: {
      webhooks: {
        ...webhookCalls(options.webhooks, courier?.changed),
        ...deliveryCalls(sendingFor, courier?.changed),
      },
    },
    events,
    follow: (organization, wish) => follow(log, organization, wish, followers),
    followAll: (wish) => followAll(log, wish, followers),
    end: async () => {
      followers.end();
      end();
      await courier?.close();
    },
  };
};
