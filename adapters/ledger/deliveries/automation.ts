/** The automation of deliveries over the ports of a ledger. */
import * as Effect from "effect/Effect";
import { automation } from "../../../core/values/identity.ts";
import type { LedgerOptions } from "../api/options.ts";
import { execute } from "../engine/execute.ts";
import { toResult } from "../engine/refusals.ts";
import { Ports } from "../engine/services.ts";
import { type Courier, openCourier } from "./courier.ts";
import { openRegistry } from "./registry.ts";
import { openSending, type SendingFor } from "./sending.ts";

/** What a ledger sends webhooks with; null where there is no sender, or nothing is kept of them. */
export const openSendingFor = (
  { log: { deliveries }, clock }: Ports["Service"],
  { sender, key }: NonNullable<LedgerOptions["webhooks"]> = {},
): SendingFor | null =>
  sender === undefined || deliveries === undefined
    ? null
    : openSending({ sender, deliveries, clock, key });

/** Begins to deliver; null where the log keeps nothing of that. */
export const openDeliveries = (
  ports: Ports["Service"],
  sendingFor: SendingFor,
): Courier | null => {
  const { log, clock, leaseMs, report } = ports;
  const { deliveries } = log;
  if (deliveries === undefined) return null;
  return openCourier({
    log,
    deliveries,
    clock,
    leaseMs,
    report,
    registry: openRegistry(log),
    sendingFor,
    disable: async (organization, webhook, why) => {
      const actor = automation("deliveries");
      const command = { type: "DisableWebhook", webhook, why } as const;
      const done = execute({ organization, actor, command, scope: "all" });
      // One that was removed meanwhile gets nothing more in any case.
      await Effect.runPromise(Effect.provideService(toResult(done), Ports, ports));
    },
  });
};
