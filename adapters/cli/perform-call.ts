/** Opens what a command speaks to, and closes it again, however the command ends. */
import { SECOND_MS } from "../../core/values/calendar.ts";
import type { AskedOfLedger } from "./asked.ts";
import { asWho } from "./calls/mod.ts";
import { runCall } from "./calls/run.ts";
import { interrupted } from "./failures.ts";
import type { Environment } from "./target/mod.ts";
import { openTarget } from "./target/open.ts";
import type { Session } from "./terminal.ts";

/** A ledger that does not close in this time is left: what it began is in its log. */
const CLOSE_MS = 10 * SECOND_MS;

const late = (): Promise<void> =>
  new Promise((resolve) => void setTimeout(resolve, CLOSE_MS).unref());

/** Does what was asked; throws a `CommandFailed` where that fails, also when Ctrl-C stops it. */
export const performCall = async (
  { call, place, isJson }: AskedOfLedger,
  { screen, stopped, isRead }: Session,
  environment: Environment,
): Promise<void> => {
  const target = await openTarget(place, asWho(call), environment, stopped, screen.note);
  const line = async (text: string): Promise<void> => {
    if (stopped.aborted) throw interrupted();
    await screen.line(text);
  };
  try {
    await runCall({ target, screen: { ...screen, line }, isJson }, call);
  } catch (error) {
    if (isRead()) throw error;
  } finally {
    await Promise.race([target.close(), late()]);
  }
};
