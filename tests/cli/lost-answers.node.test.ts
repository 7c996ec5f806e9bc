/** What is done once, where its answer is lost, or says nothing: how to go on is said. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import type { RequestListener } from "node:http";
import process from "node:process";
import { after, describe, test, type TestContext } from "node:test";
import { bundleOf } from "../support/bundle.ts";
import { follow, inherited, removeServers } from "../support/server.ts";
import { shortFlags } from "../support/v8.ts";
import { listening } from "./listening.ts";
import { run } from "./session.ts";

after(removeServers);

const FULL = "/dev/full";

const NUMBER = "+14155550101";

/** What is done once, and the key's sentence; without one it is said how to go on. */
const LINES: Readonly<Record<string, RegExp>> = {
  [`buy ${NUMBER} --yes`]: /\nWhether it was bought .* --key \S+ has it done once at most/,
  "release pn_1 --yes": /\nWhether it was released .* --key \S+ has it done once at most/,
  "release pn_1 --as-operator --yes": /\nWhether it was released .* --key \S+ has it done/,
  "organization credit acme 5": /\nWhether it was added .* --key \S+ has it done once at most/,
  "token issue acme --email a@b.example": /\nWhether it was issued .* --key \S+ has it done/,
  "organization close acme --yes": /\nWhether it was closed may not be known: the same command/,
};

const sending = (body: string, status = 201): RequestListener => (_, response) => {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body === "" ? undefined : body);
};

const json = (value: unknown, status = 201): RequestListener =>
  sending(JSON.stringify(value), status);

/** Answers after which nobody knows what was done. */
const LOST: Readonly<Record<string, RequestListener>> = {
  "an empty record": json({}),
  "null": json(null),
  "a list": json([]),
  "nothing": sending(""),
  "204": sending("", 204),
  "values of another kind": json({ id: 1, e164: 2, token: 3, released: 4, status: 5 }),
  "another record": json({ id: "other", e164: "+19995550101", status: "active" }),
  "half a document": sending('{"id":"acm'),
  "a page": (_, response) => void response.setHeader("content-type", "text/html").end("<p>Hello"),
  "a redirection": (_, response) => void response.writeHead(302, { location: "/" }).end(),
  "a failure": json({ detail: "It broke.", code: "INTERNAL_ERROR" }, 500),
  "a failure that nobody knows": json({}, 599),
  "no more": (request) => void request.socket.destroy(),
};

/** A server that reads well, and answers so to what changes something; `keys` came with that. */
const serve = async (context: TestContext, answer: RequestListener) => {
  const keys: unknown[] = [];
  const { url, close } = await listening((request, response) => {
    if (request.method === "GET") {
      return void json({ id: "acme", name: "Acme", plan: "Free" }, 200)(request, response);
    }
    keys.push(request.headers["idempotency-key"]);
    answer(request, response);
  });
  context.after(close);
  const environment = {
    LEDGERLINE_URL: url,
    LEDGERLINE_TOKEN: "tk_1.secret",
    ADMIN_TOKEN: "operators-secret",
  };
  return { keys, environment };
};

const start = (words: readonly string[], environment: NodeJS.ProcessEnv, output: "pipe" | number) =>
  spawn(process.execPath, [...shortFlags(), bundleOf("adapters/cli/main.ts"), ...words], {
    env: { ...inherited(), ...environment },
    stdio: ["ignore", output, "pipe"],
  });

describe("what is done once says how to go on", () => {
  for (const [what, answer] of Object.entries(LOST)) {
    test(`where its answer is ${what}`, async (context) => {
      const { keys, environment } = await serve(context, answer);
      for (const [line, says] of Object.entries(LINES)) {
        const { status, out, err } = await run(line.split(" "), environment);
        assert.deepEqual([status, out], [3, []], `${line}: ${err}`);
        assert.match(err, says);
        const sent = keys.pop();
        if (sent !== undefined) assert.ok(err.includes(` --key ${String(sent)} `), err);
      }
    });
  }

  test("with the key that was given", async (context) => {
    const { keys, environment } = await serve(context, json({}));
    for (const line of Object.keys(LINES)) {
      if (line.startsWith("organization close")) continue;
      const { err } = await run([...line.split(" "), "--key", "k1"], environment);
      assert.match(err, / --key k1 /, line);
      assert.equal(keys.pop(), "k1");
    }
  });

  test("without another question, where one was answered", async (context) => {
    const price = { setupUsd: "1.00", monthlyUsd: "1.00", paidFrom: "subscription" };
    const { environment } = await serve(context, json({ purchase: price, e164: NUMBER }, 200));
    const { err } = await run(["buy", NUMBER], environment, { answers: () => true });
    assert.match(err, /: the same command with --yes --key \S+ has it done once at most/);
  });

  test("where it was done, and the answer cannot be written", {
    skip: !existsSync(FULL) && `there is no ${FULL}`,
    timeout: 600_000,
  }, async (context) => {
    const { environment } = await serve(
      context,
      json({
        id: "acme",
        e164: NUMBER,
        status: "active",
        token: "t",
        released: true,
        credits: "5",
      }),
    );
    const full = openSync(FULL, "w");
    context.after(() => closeSync(full));
    for (const [line, says] of Object.entries(LINES)) {
      const child = start(line.split(" "), environment, full);
      let err = "";
      child.stderr?.setEncoding("utf8").on("data", (part: string) => (err += part));
      const [status] = await once(child, "close");
      assert.equal(status, 1, line);
      assert.match(err, /^ledgerline: the output cannot be written: ENOSPC/, line);
      assert.match(err, says);
    }
  });
});

describe("a purchase says its key", () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    test(`where ${signal} ends it`, { timeout: 600_000 }, async (context) => {
      let onAsked = (): void => {};
      const asked = new Promise<void>((resolve) => void (onAsked = resolve));
      const { environment } = await serve(context, () => onAsked());
      const child = follow(start(["buy", NUMBER, "--yes"], environment, "pipe"));
      await asked;
      assert.deepEqual(await child.kill(signal), { code: 130, signal: null });
      assert.match(child.printed().err, /^ledgerline: stopped\nWhether it was bought .* --key /);
    });
  }
});

describe("what was not done is refused", () => {
  test("as a purchase that failed, whatever the status of its answer", async (context) => {
    const failure = { code: "X", message: "the carrier\x1b has sold it" };
    for (const status of [200, 201, 202]) {
      const answer = json({ id: "pn_1", e164: NUMBER, status: "failed", failure }, status);
      const { environment } = await serve(context, answer);
      const ran = await run(["buy", NUMBER, "--yes"], environment);
      assert.deepEqual(ran, {
        status: 1,
        out: [],
        err: `${NUMBER} could not be bought: the carrier\\u{1b} has sold it`,
      });
    }
  });

  test("as a token's secret that only the first answer had", async (context) => {
    const { environment } = await serve(context, json({ id: "tk_1", token: null }));
    const line = "token issue acme --email a@b.example --key k1";
    const { status, out, err } = await run(line.split(" "), environment);
    assert.deepEqual([status, out], [1, []]);
    assert.match(
      err,
      /^the token tk_1 was issued before, .*: ledgerline token revoke tk_1 ends it/,
    );
  });

  test("as a question that nobody can answer", async (context) => {
    const { keys, environment } = await serve(context, json({ purchase: {}, refusal: null }, 200));
    for (const line of [`buy ${NUMBER}`, "release pn_1"]) {
      const { status, err } = await run(line.split(" "), environment, { answers: () => true });
      assert.equal(status, 3);
      assert.match(err, /does not answer as a Ledgerline server: there is no (?:setupUsd|e164)$/);
    }
    assert.deepEqual(keys, [undefined]);
  });
});

test("an organization is not said to be what another one is", async (context) => {
  const { environment } = await serve(context, json({ id: "other", plan: "Free" }, 200));
  for (const line of ["organization open acme", "plan set acme Free"]) {
    const { status, out, err } = await run(line.split(" "), environment);
    assert.deepEqual([status, out], [3, []]);
    assert.match(err, /: its id is "other", and not "acme"$/);
  }
});
