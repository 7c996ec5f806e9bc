/** `ledgerline mcp` under hosts that send what nobody asked for, read nothing, or go away. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import process from "node:process";
import { Readable } from "node:stream";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import { boundedLines } from "../../adapters/cli/bounded-lines.ts";
import { runs } from "../support/runs.ts";
import { listening } from "./listening.ts";

const PROGRAM = ["--import", "tsx", "adapters/cli/main.ts", "mcp"];
const FULL = "/dev/full";
const MOST = 1_048_576;

/** A server that answers each message with so many characters, or never; `asked` waits for one. */
const serverOf = async (context: TestContext, characters: number | null) => {
  let noteAsked = (): void => {};
  const asked = new Promise<void>((resolve) => void (noteAsked = resolve));
  const { url, close } = await listening((request, response) => {
    let text = "";
    request.on("data", (part) => (text += part)).on("end", () => {
      response.setHeader("content-type", "application/json");
      if (request.url !== "/mcp") return void response.end('{"id":"acme"}');
      noteAsked();
      if (characters === null) return;
      const { id } = JSON.parse(text);
      response.end(JSON.stringify({ jsonrpc: "2.0", id, result: "x".repeat(characters) }));
    });
  });
  context.after(close);
  return { asked, environment: { LEDGERLINE_URL: url, LEDGERLINE_TOKEN: "tk_1.secret" } };
};

type Environment = Readonly<Record<string, string>>;

/** Starts it, and gives what it printed once it ended. */
const start = (environment: Environment, output: "pipe" | number = "pipe") => {
  const child = spawn(process.execPath, PROGRAM, {
    env: { ...process.env, ...environment },
    stdio: ["pipe", output, "pipe"],
  });
  let [out, err] = ["", ""];
  child.stderr?.on("data", (text) => (err += text));
  child.stdin?.on("error", () => {});
  const ended = new Promise<{ readonly status: number | null; readonly err: string }>((resolve) =>
    void child.on("exit", (status) => resolve({ status, err }))
  );
  return {
    child,
    ended,
    say: (text: string) => void child.stdin?.write(text),
    /** All that it answers until it ends, by its lines. */
    answers: async () => {
      child.stdout?.on("data", (text) => (out += text));
      child.stdin?.end();
      await new Promise((resolve) => void child.on("close", resolve));
      return out.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
    },
  };
};

const message = (id: number): string => `{"jsonrpc":"2.0","id":${id},"method":"tools/list"}\n`;

test("lines are those that were sent, however they come, and null where one is too long", async () => {
  const most = 12;
  const parts = fc.array(fc.string({ unit: fc.constantFrom("a", "é", "\n", "\r"), maxLength: 9 }));
  await fc.assert(
    fc.asyncProperty(parts, fc.integer({ min: 1, max: 5 }), async (texts, size) => {
      const all = Buffer.from(texts.join(""));
      const chunks = Array.from(
        { length: Math.ceil(all.length / size) },
        (_, at) => all.subarray(at * size, (at + 1) * size),
      );
      const got: (string | null)[] = [];
      const { signal } = new AbortController();
      for await (const line of boundedLines(Readable.from(chunks), most, signal)) got.push(line);
      const sent = all.toString().split("\n");
      if (sent.at(-1) === "") sent.pop();
      assert.deepEqual(got, sent.map((line) => Buffer.byteLength(line) > most ? null : line));
    }),
    { numRuns: runs(200) },
  );
});

test("lines that are too long or too deep are refused, and those behind them answered", async (context) => {
  const { environment } = await serverOf(context, 1);
  const program = start(environment);
  program.say(`${"[".repeat(64 * MOST)}\n`);
  program.say(message(1));
  program.say(`{"id":${"[".repeat(100_000)}${"]".repeat(100_000)}}\n`);
  program.say(message(2));
  const answers = await program.answers();
  const told = answers.map(({ id, error, result }) => [id, error?.code, result]);
  assert.deepEqual(told.filter(([id]) => id === null), [
    [null, -32_600, undefined],
    [null, -32_600, undefined],
  ]);
  assert.deepEqual(told.filter(([id]) => id !== null).map(([id]) => id).toSorted(), [1, 2]);
  assert.equal((await program.ended).status, 0);
});

test("it ends when it is told to, while a call hangs", async (context) => {
  const { environment, asked } = await serverOf(context, null);
  const program = start(environment);
  program.say(message(1));
  await asked;
  program.child.kill("SIGTERM");
  assert.deepEqual(await program.ended, { status: 0, err: "" });
});

test("it ends when it is told to, while its host reads nothing", async (context) => {
  const { environment, asked } = await serverOf(context, MOST);
  const program = start(environment);
  program.say(Array.from({ length: 20 }, (_, id) => message(id)).join(""));
  await asked;
  program.child.kill("SIGTERM");
  assert.deepEqual(await program.ended, { status: 0, err: "" });
});

test("it ends without a word when its host reads no more", async (context) => {
  const { environment } = await serverOf(context, 1);
  const program = start(environment);
  program.child.stdout?.destroy();
  program.say(message(1));
  assert.deepEqual(await program.ended, { status: 0, err: "" });
});

test("it fails with a sentence where its output is full", {
  skip: !existsSync(FULL) && `there is no ${FULL}`,
}, async (context) => {
  const { environment } = await serverOf(context, 1);
  const program = start(environment, openSync(FULL, "w"));
  program.say(message(1));
  const { status, err } = await program.ended;
  assert.equal(status, 1);
  assert.match(err, /^ledgerline: the output cannot be written: ENOSPC[^\n]*\n$/);
});
