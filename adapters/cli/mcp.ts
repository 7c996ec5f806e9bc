/**
 * The tools for agents of `POST /mcp`, for a host that starts this program: a message of the
 * protocol is a line of standard input, and its answer one of standard output.
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { isJsonObject } from "../../core/values/text.ts";
import { CommandFailed, failureOf } from "./failures.ts";
import { call, type Environment, type Place, type Target } from "./target/mod.ts";
import { openTarget } from "./target/open.ts";
import type { Session } from "./terminal.ts";

/** So many messages are under way together; the next line is read once one of them is answered. */
const MOST_UNDER_WAY = 8;

/** The codes of JSON-RPC 2.0: what came is not JSON; and ours, for what has no other. */
const NOT_JSON = -32_700;
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

const readLine = (line: string): { readonly message: unknown } | null => {
  try {
    return { message: JSON.parse(line) };
  } catch {
    return null;
  }
};

/** Answers lines until they end, or the program is stopped. */
const converse = async (target: Target, { screen, stopped }: Session): Promise<void> => {
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
  stopped.addEventListener("abort", () => lines.close(), { once: true });
  const underWay = new Set<Promise<void>>();
  const answer = async (line: string): Promise<void> => {
    const read = readLine(line);
    const told = read === null
      ? failure(null, NOT_JSON, "the line is not JSON")
      : await answerTo(target, read.message);
    if (told !== null) await screen.line(JSON.stringify(told));
  };
  for await (const line of lines) {
    if (line.trim() === "") continue;
    const answering = answer(line).finally(() => underWay.delete(answering));
    underWay.add(answering);
    if (underWay.size === MOST_UNDER_WAY) await Promise.race(underWay);
  }
  await Promise.all(underWay);
};

/**
 * Serves a host until it closes standard input, on behalf of one organization: of the token, or of
 * the one that is named where the ledger is in a folder or a database.
 */
export const serveMcp = async (
  place: Place,
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
};
