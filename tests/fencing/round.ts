/**
 * One round: a server is stopped while a second one is started on its folder, from another
 * container or from what looks like another machine, and then goes on. Clients buy the same numbers
 * at both all the while. Afterwards the folder has to open, and to hold whatever was acknowledged,
 * once.
 */
import assert from "node:assert/strict";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { until } from "../support/eventually.ts";
import { pause } from "../support/pause.ts";
import { assertNoneLost, readFolder } from "../runtimes/folder.ts";
import {
  newFolder,
  type ServerProcess,
  startProcess,
  startServer,
  type TestServer,
} from "../support/server.ts";

export type Round = {
  /** How long the first server is stopped. */
  readonly stopMs: number;
  /** The command before that of the second server. */
  readonly under: readonly string[];
  /**
   * Whether the first server's socket is taken away while it is stopped, as if on another machine:
   * only the beat is left then, and the second one takes over.
   */
  readonly blind: boolean;
  /** Whether the first server is killed in the end, rather than continued. */
  readonly kills: boolean;
};

export type Result = {
  /** Purchases that were acknowledged, by the server that did. */
  readonly first: number;
  readonly second: number;
  /** How often a second server was refused the folder. */
  readonly refused: number;
  /** Whether the first server noticed that it had lost the folder, and ended. */
  readonly fenced: boolean;
};

const NUMBERS = 90;
const ANSWER_MS = 3_000;
const READY = /^ledgerline listening on (\S+)$/;

const numberAt = (index: number): string => `+1415555${String(1_000 + index)}`;

/** Buys one number after the other, in the order of all clients; gives which were acknowledged. */
const openClient = (token: string, pause_ms: number) => {
  const acknowledged: string[] = [];
  let isOver = false;
  const buyAt = async (url: string, e164: string): Promise<boolean> => {
    try {
      const response = await fetch(`${url}/v1/phone-numbers`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ e164 }),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      return response.status === 200;
    } catch {
      // There was no answer: nothing was acknowledged.
      return false;
    }
  };
  const run = async (url: () => string | null): Promise<void> => {
    for (let index = 0; !isOver; index = (index + 1) % NUMBERS) {
      const at = url();
      if (at !== null && await buyAt(at, numberAt(index))) acknowledged.push(numberAt(index));
      await pause(pause_ms, "the purchases are spread over the round");
    }
  };
  return { acknowledged, run, end: () => void (isOver = true) };
};

/** Starts second servers until one is not refused, or it is over. */
const openSecond = (folder: string, under: readonly string[]) => {
  let running: ServerProcess | null = null;
  let url: string | null = null;
  let refused = 0;
  let isOver = false;
  const run = async (): Promise<void> => {
    while (!isOver && url === null) {
      running = startProcess(folder, { under });
      url = READY.exec(await running.firstLine())?.[1] ?? null;
      if (url !== null) return;
      const { err } = running.printed();
      await running.ended;
      if (isOver) return;
      assert.match(err, /^ledgerline: the data folder .* is in use by process \d+ .*\n$/);
      refused += 1;
    }
  };
  const end = async (): Promise<void> => {
    isOver = true;
    await running?.kill("SIGKILL");
  };
  return { run, end, url: () => url, refused: () => refused };
};

const takeSocket = (folder: string): void => {
  for (const name of readdirSync(folder)) {
    if (name.startsWith("alive.")) rmSync(join(folder, name));
  }
};

/** Opens the folder with a server again, which settles what was under way; then looks into it. */
const settled = async (folder: string, token: string) => {
  const server = await startServer({ folder });
  await until(async () => {
    const { json } = await server.request("GET", "/v1/phone-numbers", { token });
    const isOpen = (number: { readonly setupStatus: { readonly issues: readonly string[] } }) =>
      number.setupStatus.issues.includes("PURCHASE_PENDING");
    return !json.some(isOpen);
  });
  await server.kill("SIGTERM");
  const contents = await readFolder(folder);
  assertNoneLost(contents);
  return contents.books.get("acme")?.held ?? new Map<string, string>();
};

const ending = async (first: TestServer, { kills }: Round, isTaken: boolean): Promise<boolean> => {
  if (kills) {
    await first.kill("SIGKILL");
    return false;
  }
  if (!isTaken) {
    assert.deepEqual(await first.kill("SIGTERM"), { code: 0, signal: null });
    return false;
  }
  assert.deepEqual(await first.ended, { code: 1, signal: null });
  const said = first.printed().err.split("\n").filter((line) => line.includes("no longer this"));
  assert.equal(said.length, 1, first.printed().err);
  return true;
};

/**
 * Runs a round. Fails when anything was acknowledged twice or lost, or the folder does not open.
 */
export const runRound = async (round: Round): Promise<Result> => {
  const folder = newFolder();
  const first = await startServer({ folder });
  const token = await first.organization("acme", "Scale");
  const pause_ms = Math.max(5, Math.min(round.stopMs, 5_000) / NUMBERS);
  const [atFirst, atSecond] = [openClient(token, pause_ms), openClient(token, pause_ms)];
  const second = openSecond(folder, round.under);
  const clients = [atFirst.run(() => first.url), atSecond.run(second.url)];
  // It is stopped during purchases, wherever it happens to be.
  await until(() => atFirst.acknowledged.length >= 3);
  process.kill(first.pid, "SIGSTOP");
  if (round.blind) takeSocket(folder);
  const seconds = second.run();
  await pause(round.stopMs, "the first server is stopped so long");
  const isTaken = round.blind;
  if (round.kills) process.kill(first.pid, "SIGKILL");
  else process.kill(first.pid, "SIGCONT");
  await pause(500, "both are asked on for a while");
  if (round.kills || (isTaken && second.url() === null)) {
    // The next one may start now, and is waited for.
    await seconds;
  }
  if (second.url() !== null) {
    // It serves: however busy the machine, some number will be bought there.
    await until(() => atSecond.acknowledged.length > 0);
  }
  const fenced = await ending(first, round, isTaken);
  for (const client of [atFirst, atSecond]) client.end();
  await Promise.all(clients);
  await second.end();
  await seconds;
  const held = await settled(folder, token);
  const all = [...atFirst.acknowledged, ...atSecond.acknowledged];
  assert.equal(new Set(all).size, all.length, "a number was acknowledged twice");
  for (const e164 of all) assert.ok(held.has(e164), `${e164} was acknowledged, and is lost`);
  rmSync(folder, { recursive: true, force: true });
  return {
    first: atFirst.acknowledged.length,
    second: atSecond.acknowledged.length,
    refused: second.refused(),
    fenced,
  };
};
