/** The HTTP application in this process, over the ledger in a folder or a database. */
import { randomBytes } from "node:crypto";
import { messageOf } from "../../../core/values/error-message.ts";
import { OPERATOR } from "../../../core/values/identity.ts";
import { createLateApp } from "../../../http/app.ts";
import type { Route } from "../../../http/dialect.ts";
import { openEventFeed } from "../../../http/events/routes.ts";
import { openMcp } from "../../../http/mcp/mod.ts";
import { sourceOf } from "../../../http/ledger-source.ts";
import { tidyAnswers } from "../../answers/database.ts";
import { refuseOtherRows } from "../../log/sql/row-version.ts";
import { openLedger } from "../../ledger/mod.ts";
import { openLedgerOver } from "../../runtimes/server/application.ts";
import { openLog } from "../../runtimes/server/log.ts";
import { readSettings, type Settings } from "../../runtimes/server/settings.ts";
import { readSettingsFile } from "../../runtimes/server/settings-files.ts";
import { CommandFailed, interrupted, openingFailure, STATUS, stopOf } from "../failures.ts";
import type { Environment, Target } from "./mod.ts";

/** The settings of the environment; throws the line that names what is wrong. */
export const settingsOf = (environment: Environment): Settings => {
  const settings = readSettings(environment, readSettingsFile);
  if (!settings.ok) throw new CommandFailed(STATUS.wrongUse, settings.error);
  return settings.value;
};

/** What is said besides where another process has the folder. */
export const OR_ITS_SERVER =
  "; or, where that is a server, give its address: --url http://localhost:8787";

/** A token of this process alone. */
const newToken = (): string => randomBytes(24).toString("hex");

const isThere = (text: string): unknown => text === "" ? null : JSON.parse(text);

/** How it is opened. */
export type LocalOptions = {
  /** Whose calls are made as an organization's; null where there are none. */
  readonly organization: string | null;
  readonly stopped: AbortSignal;
  /** What is said beside the answers. */
  readonly warn: (sentence: string) => void;
  /** Whether a database that is not there is made; false by default. */
  readonly makes?: boolean;
};

/**
 * The ledger that the settings name, with the operator's rights: who can open its database may act
 * for every organization. It serves nobody else, counts no requests, and runs no automations, which
 * are a server's; what a call begins and does not end is in the log, for the next server.
 */
export const openLocal = async (
  settings: Settings,
  { organization, stopped, warn, makes = false }: LocalOptions,
): Promise<Target> => {
  const stop = stopOf(stopped);
  const opening = openLog(settings, {
    mustExist: !makes,
    onOtherRows: refuseOtherRows,
    onLost: () => {},
  });
  const log = await Promise.race([stop, opening]).catch((error: unknown) => {
    void opening.then((late) => late.close(), () => {});
    throw error instanceof CommandFailed ? error : openingFailure(error, OR_ITS_SERVER);
  });
  // What was under way in a folder ended with the process that had it before.
  if (settings.databaseUrl === null) await tidyAnswers(log.database, { isAlone: true });
  const { ledger, answers } = await openLedgerOver(openLedger, log, settings, {
    runsAutomations: false,
  });
  const tokens = { operator: newToken(), organization: newToken() };
  const caller = organization === null ? null : { organization, actor: OPERATOR };
  const feed = openEventFeed();
  const app = createLateApp({
    source: {
      ...sourceOf(ledger),
      authenticate: (token) => Promise.resolve(token === tokens.organization ? caller : null),
    },
    adminToken: tokens.operator,
    // The application knows what they are.
    further: [...openMcp().routes() as readonly Route[], ...feed.routes()],
    answers,
    onError: (error) => warn(messageOf(error)),
  });
  return {
    where: settings.databaseUrl === null ? settings.dataDir : "the database in DATABASE_URL",
    organization,
    ask: async ({ method, path, body, as, key }) => {
      if (stopped.aborted) throw interrupted();
      const response = await Promise.race([
        stop,
        app.fetch(
          new Request(`http://ledgerline.localhost${path}`, {
            method,
            headers: {
              ...(as !== "nobody" && { authorization: `Bearer ${tokens[as]}` }),
              ...(body !== undefined && { "content-type": "application/json" }),
              ...(key !== undefined && { "idempotency-key": key }),
            },
            ...(body !== undefined && { body: JSON.stringify(body) }),
          }),
        ),
      ]);
      return { status: response.status, json: isThere(await response.text()) };
    },
    close: () => {
      feed.end();
      return ledger.close();
    },
  };
};
