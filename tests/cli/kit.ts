/** What the tests of commands share: the kinds of targets, and what command lines come to there. */
import assert from "node:assert/strict";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { openPostgresLog } from "../../adapters/log/postgres/mod.ts";
import { ADMIN_TOKEN } from "../support/app.ts";
import type { PostgresServer } from "../support/postgres.ts";
import { newFolder, startServer } from "../support/server.ts";
import { run, type RunOptions } from "./session.ts";

type Environment = Readonly<Record<string, string>>;

/** What makes the environment of each kind of target, with an empty ledger and these settings. */
export const targetsOf = (
  postgres: () => PostgresServer,
  settings: Environment = {},
): Readonly<Record<string, () => Promise<Environment>>> => ({
  "a folder": async () => {
    const folder = newFolder();
    await (await openPgliteLog({ folder })).close();
    return { ...settings, DATA_DIR: folder };
  },
  "a PostgreSQL": async () => {
    const url = await postgres().database();
    await (await openPostgresLog({ url })).close();
    return { ...settings, DATABASE_URL: url };
  },
  "a server": async () => {
    const { url } = await startServer({ environment: settings });
    return { LEDGERLINE_URL: url, ADMIN_TOKEN };
  },
});

/** What the tests of one target share. */
export type Kit = {
  environment: Environment;
  /** Whether tokens say whose calls are made, and not the operator of the machine. */
  isServer: boolean;
};

/** Runs command lines at a target, and reads what they print. */
export const linesOf = (kit: Kit) => {
  const at = (line: string, options?: RunOptions) => run(line.split(" "), kit.environment, options);
  /** What it prints, where it succeeds. */
  const printed = async (line: string, options?: RunOptions): Promise<string> => {
    const { status, out, err } = await at(line, options);
    assert.equal(status, 0, `${line}: ${err}`);
    return out.join("\n");
  };
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read what they expect to find
  const json = async (line: string): Promise<any[]> =>
    (await printed(`${line} --json`)).split("\n").filter((text) => text !== "")
      .map((text) => JSON.parse(text));
  const refused = async (line: string, status: number, why: RegExp, options?: RunOptions) => {
    const ran = await at(line, options);
    assert.deepEqual([ran.status, ran.out], [status, []], `${line}: ${ran.err}`);
    assert.match(ran.err, why);
  };
  /** Whose calls follow. */
  const actFor = async (organization: string): Promise<void> => {
    if (!kit.isServer) {
      kit.environment = { ...kit.environment, LEDGERLINE_ORGANIZATION: organization };
      return;
    }
    const [{ token }] = await json(`token issue ${organization} --email alice@example.com`);
    kit.environment = { ...kit.environment, LEDGERLINE_TOKEN: token };
  };
  return { at, printed, json, refused, actFor };
};

/** A kit, and what fills it. */
export const newKit = (
  open: () => Promise<Environment>,
): { kit: Kit; fill: () => Promise<void> } => {
  const kit: Kit = { environment: {}, isServer: false };
  const fill = async (): Promise<void> => {
    kit.environment = await open();
    kit.isServer = "LEDGERLINE_URL" in kit.environment;
  };
  return { kit, fill };
};
