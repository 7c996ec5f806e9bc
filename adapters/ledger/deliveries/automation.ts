/** The automation of deliveries over the ports of a ledger. */
import * as Effect from "effect/Effect";
import { automation } from "../../../core/values/identity.ts";
import type { LedgerOptions } from "../api/options.ts";
import { execute } from "../engine/execute.ts";
import { Ports } from "../engine/services.ts";
import { toResult } from "../engine/refusals.ts";
import { type Courier, openCourier } from "./courier.ts";
import { openRegistry } from "./registry.ts";
import { openSending } from "./sending.ts";

/**
 * Begins to deliver, where there is a sender and the log keeps what is delivered; null where
 * nothing is to be delivered by this ledger.
 */
export const openDeliveries = (
  ports: Ports["Service"],
  { webhooks, runsAutomations }: Pick<LedgerOptions, "runsAutomations" | "webhooks">,
): Courier | null => {
  const { log, clock, leaseMs, report } = ports;
  const { deliveries } = log;
  const { sender, key } = webhooks ?? {};
  if (sender === undefined || deliveries === undefined || runsAutomations === false) return null;
  return openCourier({
    log,
    deliveries,
    clock,
    leaseMs,
    report,
    registry: openRegistry(log),
    sendingFor: openSending({ sender, deliveries, clock, key }),
    disable: async (organization, webhook, why) => {
      const actor = automation("deliveries");
      const command = { type: "DisableWebhook", webhook, why } as const;
      const done = execute({ organization, actor, command, scope: "all" });
      // One that was removed meanwhile gets nothing more in any case.
      await Effect.runPromise(Effect.provideService(toResult(done), Ports, ports));
    },
  });
};
