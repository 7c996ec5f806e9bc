#!/usr/bin/env node
/**
 * The command line: `ledgerline <command>`. What a command needs is loaded once it is known, so
 * that help comes quickly.
 */
import { existsSync } from "node:fs";
import process from "node:process";
import { messageOf } from "../../core/values/error-message.ts";
import { unreachable } from "../../core/values/unreachable.ts";
import { statusOf, USAGE_ERROR } from "../runtimes/server/setting-error.ts";
import { readCommandLine } from "./arguments.ts";
import type { Asked } from "./asked.ts";
import { shownLines } from "./escape.ts";
import { CommandFailed } from "./failures.ts";
import { endWithOutput, fail, hasColors, print } from "./output.ts";
import { SETTINGS_FILE } from "./project.ts";
import type { Environment } from "./target/mod.ts";
import type { Session } from "./terminal.ts";

/** Does it at this process's terminal, with its environment. */
const inSession = async <What>(
  asked: What,
  use: (asked: What, session: Session, environment: Environment) => Promise<void>,
): Promise<void> => {
  const { openSession } = await import("./terminal.ts");
  await use(asked, openSession(), process.env);
};

const perform = async (asked: Asked): Promise<void> => {
  switch (asked.command) {
    case "print":
      endWithOutput(0);
      return print(asked.text);
    case "call":
      return await inSession(asked, (await import("./perform-call.ts")).performCall);
    case "doctor":
      return await inSession(asked, (await import("./doctor/mod.ts")).examine);
    case "init":
      return await inSession(asked, (await import("./init.ts")).initProject);
    case "listen":
      return await inSession(asked, (await import("./listen/mod.ts")).listen);
    case "mcp":
      return await inSession(asked, (await import("./mcp.ts")).serveMcp);
    case "serve": {
      const { runServer } = await import("../runtimes/node/workers.ts");
      return await runServer();
    }
    case "verify": {
      endWithOutput(1);
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

/** Commands that need no settings. */
const WITHOUT = ["print", "verify", "init"];

/** Puts what the project's settings file says into this process's environment. */
const readProject = async (): Promise<void> => {
  if (!existsSync(SETTINGS_FILE)) return;
  const { withSettingsFile } = await import("./settings-file.ts");
  Object.assign(process.env, withSettingsFile(process.env));
};

try {
  const asked = readCommandLine(process.argv.slice(2), hasColors());
  if (!asked.ok) fail(asked.error, USAGE_ERROR);
  else {
    if (!WITHOUT.includes(asked.value.command)) await readProject();
    await perform(asked.value);
  }
} catch (error) {
  const status = error instanceof CommandFailed ? error.status : statusOf(error);
  fail(`ledgerline: ${shownLines(messageOf(error))}`, status);
}
