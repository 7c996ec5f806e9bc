/** The command line at a terminal: `script` makes one. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import process from "node:process";
import { after, describe, test } from "node:test";
import { bundleOf } from "../support/bundle.ts";
import { until } from "../support/eventually.ts";
import { follow, inherited, removeServers } from "../support/server.ts";
import { shortFlags } from "../support/v8.ts";
import { listening } from "./listening.ts";

after(removeServers);

const ANSWERS: Readonly<Record<string, unknown>> = {
  "/ledger/dry-run": {
    accepted: true,
    purchase: { setupUsd: "1.00", monthlyUsd: "2.00", paidFrom: "credits" },
    refusal: null,
  },
  "/ledger/numbers": { id: "pn_1", e164: "+14155550101", status: "active" },
};

/** A server that sells one number, and what it was asked. */
const openShop = async () => {
  const asked: string[] = [];
  const { url: LEDGERLINE_URL, close } = await listening(({ url = "", method }, response) => {
    asked.push(`${method} ${url}`);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(ANSWERS[url] ?? {}));
  });
  after(close);
  return { asked, LEDGERLINE_URL };
};

type Variables = Readonly<Record<string, string>>;

const atTerminal = (words: readonly string[], variables: Variables) => {
  const command = [process.execPath, ...shortFlags(), bundleOf("adapters/cli/main.ts"), ...words];
  const child = spawn("script", ["-qec", command.join(" "), "/dev/null"], {
    env: { ...inherited(), LEDGERLINE_TOKEN: "tk_1.x", TERM: "xterm", ...variables },
  });
  return { ...follow(child), type: (text: string) => void child.stdin.write(text) };
};

/** What comes of a purchase where this is typed at the question. */
const answering = async (typed: string) => {
  const { asked, LEDGERLINE_URL } = await openShop();
  const terminal = atTerminal(["buy", "+14155550101"], { LEDGERLINE_URL });
  await until(() => terminal.printed().out.includes("[y/N] "));
  terminal.type(typed);
  const { code } = await terminal.ended;
  return { code, out: terminal.printed().out, isAsked: asked.includes("POST /ledger/numbers") };
};

const skip = spawnSync("script", ["-qec", "true", "/dev/null"]).status === 0
  ? false
  : "there is no script of util-linux here";

describe("at a terminal", { skip, timeout: 600_000 }, () => {
  test("a purchase says its price, and is made after a yes", async () => {
    const { code, out, isAsked } = await answering("y\r");
    assert.deepEqual([code, isAsked], [0, true], out);
    assert.match(
      out,
      /Buy \+14155550101 for 1\.00 USD now and 2\.00 USD a month \(paid from: credits\)\?/,
    );
    assert.match(out, /^STATUS +active\r$/m);
  });

  test("a purchase is not made after anything else, the end of input and Ctrl-C included", async () => {
    for (
      const [typed, status] of [["n\r", 1], ["\r", 1], ["yes!\r", 1], ["\x04", 1], [
        "\x03",
        130,
      ]] as const
    ) {
      const { code, out, isAsked } = await answering(typed);
      assert.deepEqual([code, isAsked], [status, false], `${JSON.stringify(typed)}: ${out}`);
    }
  });

  test("help has colors, unless NO_COLOR is set", async () => {
    const colored = atTerminal(["--help"], {});
    await colored.ended;
    assert.match(colored.printed().out, /\x1b\[1mUSAGE\x1b\[0m/);
    const plain = atTerminal(["--help"], { NO_COLOR: "1" });
    await plain.ended;
    assert.match(plain.printed().out, /^USAGE/m);
    assert.doesNotMatch(plain.printed().out, /\x1b/);
  });
});
