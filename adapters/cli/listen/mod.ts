/** `ledgerline listen`: an organization's events as they come, printed and posted to a URL. */
import { setTimeout as pause } from "node:timers/promises";
import { SECOND_MS } from "../../../core/values/calendar.ts";
import { isJsonObject } from "../../../core/values/text.ts";
import { eventOf, type WebhookEvent } from "../../webhooks/receiver/events.ts";
import { shown } from "../escape.ts";
import { CommandFailed, STATUS } from "../failures.ts";
import { call, type Environment, type Place, type Target, withQuery } from "../target/mod.ts";
import { openTarget } from "../target/open.ts";
import type { Session } from "../terminal.ts";
import { openForwarder } from "./forward.ts";
import { backoffMs } from "./backoff.ts";

/** What is listened to, and where it goes. */
export type AskedToListen = {
  readonly command: "listen";
  readonly place: Place;
  readonly isJson: boolean;
  /** A cursor; what happens from now on without it. */
  readonly after: string | undefined;
  /** Names with commas between them; all without them. */
  readonly types: string | undefined;
  readonly forward: string | undefined;
  readonly secret: string | undefined;
};

/** As long as an answer is waited for, in seconds. */
const WAIT_S = 25;

type Page = { readonly events: readonly WebhookEvent[]; readonly next: string };

/** A page as it was answered, by a server that is not trusted. */
const pageOf = (json: unknown, where: string): Page => {
  const { events, next } = isJsonObject(json) ? json : { events: null, next: null };
  const read = Array.isArray(events) ? events.map((one) => eventOf(JSON.stringify(one))) : [null];
  const known = read.filter((one): one is WebhookEvent => one !== null);
  if (known.length === read.length && typeof next === "string") return { events: known, next };
  throw new CommandFailed(STATUS.unavailable, `${where} does not answer with a page of events`);
};

/** Reads pages for ever: where the server is away, again after some time, from the same place. */
async function* pagesOf(
  target: Target,
  { after = "latest", types }: AskedToListen,
  { screen, stopped }: Session,
): AsyncGenerator<readonly WebhookEvent[]> {
  let [from, wait, failures] = [after, 0, 0];
  let isAnswered = false;
  while (!stopped.aborted) {
    try {
      const path = withQuery("/ledger/events", {
        after: from,
        types,
        wait: String(wait),
        organization: target.organization ?? undefined,
      });
      const began = performance.now();
      const { json } = await call(target, { method: "GET", path, as: "organization" });
      const { events, next } = pageOf(json, target.where);
      yield events;
      // One that does not wait is not asked without a pause.
      const isHasty = wait > 0 && events.length === 0 && performance.now() - began < SECOND_MS;
      [from, wait, failures, isAnswered] = [next, WAIT_S, 0, true];
      if (isHasty) await pause(SECOND_MS, undefined, { signal: stopped });
    } catch (error) {
      const isAway = error instanceof CommandFailed && error.status === STATUS.unavailable;
      if (!isAnswered || !isAway) throw error;
      failures += 1;
      screen.note(`${error.message}; trying again`);
      await pause(backoffMs(failures), undefined, { signal: stopped });
    }
  }
}

const lineOf = ({ at, type, subject, id }: WebhookEvent): string =>
  shown([at, type, subject, id].join("  "));

/**
 * Prints each event, and posts it where that is asked for, in order, until it is stopped: each is
 * taken before the next one is sent. Rejects where the first request is refused or unanswered.
 */
export const listen = async (
  asked: AskedToListen,
  session: Session,
  environment: Environment,
): Promise<void> => {
  const { screen, stopped } = session;
  const forward = openForwarder(asked, session);
  const target = await openTarget(
    asked.place,
    "organization",
    environment,
    stopped,
    screen.note,
  );
  try {
    for await (const events of pagesOf(target, asked, session)) {
      for (const event of events) {
        await screen.line(asked.isJson ? JSON.stringify(event) : lineOf(event));
        await forward?.(event);
      }
    }
  } catch (error) {
    if (!stopped.aborted) throw error;
  } finally {
    await target.close();
  }
};
