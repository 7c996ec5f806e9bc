/**
 * The tools for agents of `POST /mcp`, for a host that starts this program: a message of the
 * protocol is a line of standard input, and its answer one of standard output.
 */
import process from "node:process";
import { isJsonObject } from "../../core/values/text.ts";
import { boundedLines } from "./bounded-lines.ts";
import { CommandFailed, failureOf } from "./failures.ts";
import { call, type Environment, type Place, type Target } from "./target/mod.ts";
import { openTarget } from "./target/open.ts";
import { isTooDeep, MAX_LEVELS } from "./target/remote.ts";
import type { Session } from "./terminal.ts";

/** So many messages are under way together; the next line is read once one of them is answered. */
const MOST_UNDER_WAY = 8;

/** Far more than a server takes (`http/README.md`, *Bounds*). */
const MAX_LINE_BYTES = 1_048_576;

/** The codes of JSON-RPC 2.0: what came is not JSON, or no request; ours, for what has no other. */
const NOT_JSON = -32_700;
const NO_REQUEST = -32_600;
const FAILED = -32_000;

const failure = (id: unknown, code: number, message: string) => ({
  jsonrpc: "2.0",
  id,
  error: { code, message },
});

/** What is answered to a message; null for one that is answered nothing. */
const answerTo = async (target: Target, message: unknown): Promise<unknown> => {
  const id = isJsonObject(message) ? message["id"] : null;
  const failed = ({ message: why }: CommandFailed) =>
    id === undefined ? null : failure(id, FAILED, why);
  try {
    const reply = await target.ask({
      method: "POST",
      path: "/mcp",
      body: message,
      as: "organization",
    });
    const { status, json } = reply;
    if (isJsonObject(json) && json["jsonrpc"] === "2.0") return json;
    return status === 202 ? null : failed(failureOf(reply));
  } catch (error) {
    if (error instanceof CommandFailed) return failed(error);
    throw error;
  }
};

/** What is wrong with a line; its message otherwise. */
const readLine = (line: string | null) => {
  const unfit = (code: number, why: string) => ({ unfit: failure(null, code, why), message: null });
  if (line === null) return unfit(NO_REQUEST, `the line is longer than ${MAX_LINE_BYTES} bytes`);
  try {
    const message: unknown = JSON.parse(line);
    return isTooDeep(message)
      ? unfit(NO_REQUEST, `the message has more than ${MAX_LEVELS} levels`)
      : { unfit: null, message };
  } catch {
    return unfit(NOT_JSON, "the line is not JSON");
  }
};

/**
 * Answers lines until they end, or the program is stopped: then no answer is waited for, which the
 * host may never read. Rejects with the first that fails, and reads no more.
 */
const converse = async (target: Target, { screen, stopped }: Session): Promise<void> => {
  const failing = new AbortController();
  const ending = AbortSignal.any([stopped, failing.signal]);
  let underWay = 0;
  let wake = (): void => {};
  ending.addEventListener("abort", () => wake(), { once: true });
  const woken = () => new Promise<void>((resolve) => void (wake = resolve));
  /** Waits until fewer are under way. */
  const fewerThan = async (most: number): Promise<void> => {
    while (underWay >= most && !ending.aborted) await woken();
  };
  const answer = async (line: string | null): Promise<void> => {
    underWay += 1;
    try {
      const { unfit, message } = readLine(line);
      const told = unfit ?? await answerTo(target, message);
      if (told !== null) await screen.line(JSON.stringify(told));
    } catch (error) {
      failing.abort(error);
    }
    underWay -= 1;
    wake();
  };
  for await (const line of boundedLines(process.stdin, MAX_LINE_BYTES, ending)) {
    if (line?.trim() === "") continue;
    void answer(line);
    await fewerThan(MOST_UNDER_WAY);
  }
  await fewerThan(1);
  failing.signal.throwIfAborted();
};

/**
 * Serves a host until it closes standard input, on behalf of one organization: of the token, or of
 * the one that is named where the ledger is in a folder or a database.
 */
export const serveMcp = async (
  { place }: { readonly place: Place },
  session: Session,
  environment: Environment,
): Promise<void> => {
  const { screen, stopped } = session;
  const target = await openTarget(place, "organization", environment, stopped, screen.note);
  try {
    // A host shows why a program ends, and not what it answers to a first message.
    await call(target, { method: "GET", path: "/ledger/organization", as: "organization" });
    await converse(target, session);
  } finally {
    await target.close();
  }
  // What its host does not read would keep the process.
  if (stopped.aborted) process.exit();
};
