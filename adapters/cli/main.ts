#!/usr/bin/env node
/**
 * The command line: `ledgerline <command>`. What a command needs is loaded once it is known, so
 * that help comes quickly.
 */
import process from "node:process";
import { messageOf } from "../../core/values/error-message.ts";
import { unreachable } from "../../core/values/unreachable.ts";
import { statusOf, USAGE_ERROR } from "../runtimes/server/setting-error.ts";
import { readCommandLine } from "./arguments.ts";
import type { Asked } from "./asked.ts";
import { shownLines } from "./escape.ts";
import { CommandFailed } from "./failures.ts";
import { fail, hasColors, print } from "./output.ts";

const perform = async (asked: Asked): Promise<void> => {
  switch (asked.command) {
    case "print":
      return print(asked.text);
    case "call": {
      const { performCall } = await import("./perform-call.ts");
      const { openSession } = await import("./terminal.ts");
      return await performCall(asked, openSession(), process.env);
    }
    case "serve": {
      const { runServer } = await import("../runtimes/node/workers.ts");
      return await runServer();
    }
    case "verify": {
      const { verdictOn } = await import("./verify.ts");
      const { status, says } = await verdictOn(asked.file, asked.kept);
      return status === 0 ? print(says) : fail(says, status);
    }
    case "heads":
    case "check":
    case "installation":
    case "export":
    case "rebuild":
    case "follow": {
      const { workAtLog } = await import("./log-commands.ts");
      return await workAtLog(asked);
    }
    default:
      return unreachable(asked);
  }
};

try {
  const asked = readCommandLine(process.argv.slice(2), hasColors());
  if (asked.ok) await perform(asked.value);
  else fail(asked.error, USAGE_ERROR);
} catch (error) {
  const status = error instanceof CommandFailed ? error.status : statusOf(error);
  fail(`ledgerline: ${shownLines(messageOf(error))}`, status);
}
