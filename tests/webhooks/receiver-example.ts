/** The example of a receiver in the package's README. */
import { consume, type PositionStore, verify, type WebhookEvent } from "ledgerline/webhooks";

/** Receives webhooks: each event is handled once, and sent again where that fails. */
export const openReceiver = (
  secrets: readonly string[],
  store: PositionStore,
  handler: (event: WebhookEvent) => Promise<void>,
): (request: Request) => Promise<Response> => {
  const handle = consume(store, handler);
  return async (request) => {
    const event = await verify(request, secrets);
    if (!event.ok) return new Response(event.error.code, { status: 400 });
    try {
      return new Response(await handle(event.value));
    } catch {
      return new Response("try again", { status: 500 });
    }
  };
};
