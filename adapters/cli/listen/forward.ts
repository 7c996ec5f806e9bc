/** Posts events to a URL as webhooks are sent: signed, in order, each until it is taken. */
import { setTimeout as pause } from "node:timers/promises";
import { messageOf } from "../../../core/values/error-message.ts";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import { base64Of } from "../../hash/base64.ts";
import { isSecret } from "../../signatures/secret.ts";
import { openSigner } from "../../signatures/signer.ts";
import type { WebhookEvent } from "../../webhooks/receiver/events.ts";
import { CommandFailed, STATUS } from "../failures.ts";
import type { Session } from "../terminal.ts";
import { backoffMs } from "./backoff.ts";

/** As long as a target may take to answer. */
const ANSWER_MS = 30 * SECOND_MS;

const SECRET_BYTES = 32;

const unfit = (message: string): CommandFailed => new CommandFailed(STATUS.wrongUse, message);

const readTarget = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw unfit("--forward must be an address, such as http://localhost:3000/hook");
  }
  if (url.username !== "" || url.password !== "") {
    throw unfit("--forward must not have a user or a password");
  }
  return url;
};

const readSecret = (given: string | undefined): string => {
  const made = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  const secret = given ?? `whsec_${base64Of(made)}`;
  if (isSecret(secret)) return secret;
  throw unfit("--secret must be whsec_ and 24 to 64 bytes in base64");
};

type Asked = { readonly forward: string | undefined; readonly secret: string | undefined };

/**
 * What posts an event, and resolves when the target has taken it (2xx); rejects when the command is
 * stopped. Says the secret by which the target can verify what comes. Undefined without a URL;
 * throws a `CommandFailed` where the URL or the secret does not fit.
 */
export const openForwarder = (
  { forward, secret: given }: Asked,
  { screen, stopped }: Pick<Session, "screen" | "stopped">,
  answerMs: Milliseconds = ANSWER_MS,
): ((event: WebhookEvent) => Promise<void>) | undefined => {
  if (forward === undefined) {
    if (given !== undefined) throw unfit("--secret needs --forward");
    return undefined;
  }
  const url = readTarget(forward);
  const secret = readSecret(given);
  const sign = openSigner(secret);
  screen.note(`Events are signed with ${secret}`);

  /** Why it was not taken; null where it was. */
  const post = async (id: string, body: string): Promise<string | null> => {
    const late = AbortSignal.timeout(answerMs);
    try {
      const response = await fetch(url, {
        method: "POST",
        redirect: "manual",
        signal: AbortSignal.any([stopped, late]),
        headers: { "content-type": "application/json", ...await sign(id, Date.now(), body) },
        body,
      });
      await response.body?.cancel();
      return response.ok ? null : `answers ${response.status}`;
    } catch (error) {
      stopped.throwIfAborted();
      if (late.aborted) return `did not answer within ${answerMs / SECOND_MS} s`;
      return `cannot be reached: ${messageOf(error)}`;
    }
  };

  return async (event) => {
    const body = JSON.stringify(event);
    for (let failures = 1;; failures++) {
      const why = await post(event.id, body);
      if (why === null) return;
      screen.note(`${url.href} ${why}; ${event.id} is sent again`);
      await pause(backoffMs(failures), undefined, { signal: stopped });
    }
  };
};
