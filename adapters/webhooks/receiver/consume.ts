/** Handles each event once, though it may be sent any number of times. */
import { isJsonObject } from "../../../core/values/text.ts";
import type { WebhookEvent } from "./events.ts";

/** How many events of a subject are remembered by their ids. */
const REMEMBERED = 100;

/**
 * Where it is kept what was handled: a table of keys and values, best in the database that the
 * handler writes to. Keys are texts of at most a few hundred characters, values of at most 8 KiB.
 */
export type PositionStore = {
  /** The value of a key; null where there is none. */
  readonly read: (key: string) => Promise<string | null>;
  readonly write: (key: string, value: string) => Promise<void>;
};

/** What was handled of one subject. */
type Handled = {
  /** The ids of the latest, the latest last. */
  readonly ids: readonly (readonly [id: string, position: number])[];
  /** Every event up to this position was handled: its id is not remembered any more. */
  readonly upTo: number;
};

const NOTHING: Handled = { ids: [], upTo: 0 };

const CURSOR = /^(\d{1,15})-/;

/** The position of an event in its organization's feed; 0 where it is not known. */
const positionOf = ({ cursor = "" }: WebhookEvent): number => Number(CURSOR.exec(cursor)?.[1] ?? 0);

const handledOf = (stored: string | null): Handled => {
  if (stored === null) return NOTHING;
  const json: unknown = JSON.parse(stored);
  if (!isJsonObject(json) || !Array.isArray(json["ids"]) || typeof json["upTo"] !== "number") {
    throw new Error("the position store gave what this did not write");
  }
  return json as unknown as Handled;
};

const isHandled = ({ ids, upTo }: Handled, event: WebhookEvent): boolean => {
  const position = positionOf(event);
  return ids.some(([id]) => id === event.id) || (position > 0 && position <= upTo);
};

const withEvent = ({ ids, upTo }: Handled, event: WebhookEvent): Handled => {
  const all = [...ids, [event.id, positionOf(event)] as const];
  const forgotten = all.slice(0, -REMEMBERED);
  return {
    ids: all.slice(-REMEMBERED),
    upTo: Math.max(upTo, ...forgotten.map(([, position]) => position)),
  };
};

/**
 * Makes a consumer of events: it calls `handler` for each that was not handled yet, one after the
 * other for the same subject, and gives `handled`, or `repeated` for one that was. What was handled
 * is stored when the handler is done. Where the process stops between the two, or the store fails,
 * the event is handled again: at least once, and never lost. What the handler or the store rejects
 * with, the consumer rejects with: answer with 500, and the event is sent again.
 *
 * Of each subject the latest 100 ids are remembered; what is before those was handled, since the
 * events of a subject are sent in their order. To handle a replay of old events once more, begin
 * with an empty store. Where several processes receive, let the handler bear an event twice: they
 * may be sent it at the same time.
 *
 * @example
 * ```ts
 * import { consume, openMemoryPositions, verify } from "ledgerline/webhooks";
 *
 * const handle = consume(openMemoryPositions(), async (event) => {
 *   if (event.type === "number.trial_ending") console.log("say so to", event.organization);
 * });
 *
 * const receive = async (request: Request, secret: string): Promise<Response> => {
 *   const event = await verify(request, secret);
 *   if (!event.ok) return new Response(event.error.code, { status: 400 });
 *   await handle(event.value);
 *   return new Response(null, { status: 204 });
 * };
 * ```
 */
export const consume = (
  store: PositionStore,
  handler: (event: WebhookEvent) => void | Promise<void>,
): (event: WebhookEvent) => Promise<"handled" | "repeated"> => {
  /** The last of each subject's events that are under way. */
  const lasts = new Map<string, Promise<unknown>>();
  /** Those under way, by key and id: one that comes again meanwhile has the same outcome. */
  const running = new Map<string, Promise<"handled" | "repeated">>();
  const handle = async (key: string, event: WebhookEvent): Promise<"handled" | "repeated"> => {
    const handled = handledOf(await store.read(key));
    if (isHandled(handled, event)) return "repeated";
    await handler(event);
    await store.write(key, JSON.stringify(withEvent(handled, event)));
    return "handled";
  };
  return (event) => {
    const key = `${event.organization} ${event.subject}`;
    const name = `${event.id} ${key}`;
    const known = running.get(name);
    if (known !== undefined) return known;
    const before = lasts.get(key) ?? Promise.resolve();
    const now = before.then(() => handle(key, event), () => handle(key, event));
    const end = (): void => {
      running.delete(name);
      if (lasts.get(key) === now) lasts.delete(key);
    };
    running.set(name, now);
    lasts.set(key, now);
    now.then(end, end);
    return now;
  };
};

/**
 * A store in the memory of this process, for tests: what was handled is forgotten with it.
 *
 * @example
 * ```ts
 * import { consume, openMemoryPositions } from "ledgerline/webhooks";
 *
 * const handle = consume(openMemoryPositions(), (event) => console.log(event.type));
 * ```
 */
export const openMemoryPositions = (): PositionStore => {
  const values = new Map<string, string>();
  return {
    read: (key) => Promise.resolve(values.get(key) ?? null),
    write: (key, value) => {
      values.set(key, value);
      return Promise.resolve();
    },
  };
};
