/** What can be seen of the settings, and of what they name. */
import { messageOf } from "../../../core/values/error-message.ts";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import type { Ledger } from "../../ledger/api/mod.ts";
import { refuseOtherRows } from "../../log/sql/row-version.ts";
import { openLedger } from "../../ledger/mod.ts";
import { openLedgerOver } from "../../runtimes/server/application.ts";
import { sentenceOf } from "../../runtimes/server/clock.ts";
import { openLog } from "../../runtimes/server/log.ts";
import { readSettings, type Settings } from "../../runtimes/server/settings.ts";
import { readSettingsFile } from "../../runtimes/server/settings-files.ts";
import { serverWarningsOf } from "../../runtimes/server/warnings.ts";
import { openingFailure, STATUS } from "../failures.ts";
import { OR_ITS_SERVER } from "../target/local.ts";
import type { Environment } from "../target/mod.ts";
import { type Finding, fine, note, wrong } from "./finding.ts";

/** How long each of what is elsewhere may take. */
const LIMIT_MS: Milliseconds = 60 * SECOND_MS;

class Late extends Error {}

/** What is done in time; rejects otherwise. */
const inTime = async <Value>(begun: Promise<Value>): Promise<Value> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Late(`nothing within ${LIMIT_MS / 1_000} s`)), LIMIT_MS);
  });
  try {
    return await Promise.race([begun, late]);
  } finally {
    clearTimeout(timer);
  }
};

function* lookAtSettings(settings: Settings): Generator<Finding> {
  const warnings = serverWarningsOf(settings);
  for (const warning of warnings) yield note("settings", warning);
  if (settings.adminToken === null) {
    yield note("settings", "ADMIN_TOKEN is not set: a server has no /admin");
  }
  if (warnings.length === 0) yield fine("settings", "they fit");
}

const carrierOf = async (settings: Settings): Promise<Finding> => {
  const { carrier } = settings;
  if (carrier.name === "sandbox") {
    return fine("carrier", "the sandbox, which sells no real numbers and costs nothing");
  }
  const { openTelnyxCarrier } = await import("../../carrier/telnyx/mod.ts");
  const telnyx = openTelnyxCarrier({ apiKey: carrier.apiKey, baseUrl: carrier.baseUrl });
  const filters = { country: "US", type: "local", limit: 1 } as const;
  const mend = "see whether TELNYX_API_KEY is good, and Telnyx can be reached from here";
  try {
    const found = await inTime(telnyx.search(filters));
    if (found.ok) return fine("carrier", "Telnyx answers searches");
    return wrong("carrier", STATUS.unavailable, `Telnyx: ${found.error.message}`, mend);
  } catch (error) {
    return wrong("carrier", STATUS.unavailable, `Telnyx: ${messageOf(error)}`, mend);
  }
};

const webhooksOf = ({ carrier, telnyxPublicKey }: Settings): Finding => {
  if (carrier.name === "sandbox") return fine("webhooks", "the sandbox sends none");
  return telnyxPublicKey === null
    ? note(
      "webhooks",
      "TELNYX_PUBLIC_KEY is not set: Telnyx's webhooks are refused",
      "set it to the public key in Telnyx's portal: orders are known sooner then",
    )
    : fine("webhooks", "Telnyx's are taken at /webhooks/telnyx");
};

const reviewersOf = async ({ reviewersUrl: url }: Settings): Promise<readonly Finding[]> => {
  if (url === null) return [];
  try {
    const signal = AbortSignal.timeout(LIMIT_MS);
    const { status } = await fetch(url, { method: "HEAD", redirect: "manual", signal });
    return [fine("reviewers", `REVIEWERS_WEBHOOK_URL answers (${status})`)];
  } catch (error) {
    return [wrong(
      "reviewers",
      STATUS.unavailable,
      `REVIEWERS_WEBHOOK_URL does not answer: ${messageOf(error)}`,
      "see whether the address is right, and can be reached from here",
    )];
  }
};

const stuckIn = async (ledger: Ledger): Promise<Finding> => {
  const [first] = (await ledger.operator.work({ state: "stuck", limit: 1 })).work;
  if (first === undefined) return fine("work", "nothing is stuck");
  return wrong(
    "work",
    STATUS.unavailable,
    `${first.automation} of ${first.id} has waited for more than an hour`,
    "run a server, which does it; ledgerline work --state stuck lists all, and why",
  );
};

/** What to do where a database does not open. */
const mendOf = (error: unknown, { databaseUrl }: Settings): string => {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && cause.name === "NoLedger") {
    return "ledgerline init makes a ledger, and so does ledgerline serve";
  }
  if (databaseUrl === null) {
    return "see whether DATA_DIR is the folder of a ledger, which this user may read and write";
  }
  return "see whether it runs, and can be reached from here";
};

/** Looks at the database that the settings name, and at what is in it. */
async function* lookAtDatabase(settings: Settings): AsyncGenerator<Finding> {
  const where = settings.databaseUrl === null ? settings.dataDir : "DATABASE_URL";
  const opening = openLog(settings, {
    mustExist: true,
    onOtherRows: refuseOtherRows,
    onLost: () => {},
  });
  let ledger: Ledger;
  try {
    const log = await inTime(opening);
    ({ ledger } = await openLedgerOver(openLedger, log, settings, {
      runsAutomations: false,
    }));
  } catch (error) {
    void opening.then((log) => log.close(), () => {});
    const { status, message } = openingFailure(error, OR_ITS_SERVER);
    if (error instanceof Error && error.name === "FolderInUse") {
      const mend =
        `where that is a server, ledgerline doctor --url http://localhost:${settings.port} ` +
        "looks at it";
      yield note("database", error.message.split(";")[0] ?? "", mend);
      return;
    }
    yield wrong("database", status, message, mendOf(error, settings));
    return;
  }
  try {
    yield fine("database", `${where} is read and written`);
    const doubt = ledger.doubt();
    yield doubt === null ? fine("clock", "it agrees with the database's") : wrong(
      "clock",
      STATUS.refused,
      sentenceOf(doubt),
      "set the machine's time, by NTP for example",
    );
    yield await stuckIn(ledger);
  } finally {
    await ledger.close();
  }
}

/** Looks at what this machine's settings name: the database, the carrier and so on. */
export async function* lookHere(environment: Environment): AsyncGenerator<Finding> {
  const settings = readSettings(environment, readSettingsFile);
  if (!settings.ok) {
    const mend = "the table of settings in adapters/runtimes/README.md says what it may be";
    yield wrong("settings", STATUS.wrongUse, settings.error, mend);
    return;
  }
  yield* lookAtSettings(settings.value);
  yield* lookAtDatabase(settings.value);
  yield await carrierOf(settings.value);
  yield webhooksOf(settings.value);
  yield* await reviewersOf(settings.value);
}
