import process from "node:process";
import type { Ledger } from "../../ledger/api/mod.ts";
import type { Measures } from "../metrics/mod.ts";
import type { Sharing } from "../metrics/processes.ts";
import type { Traces } from "../tracing/mod.ts";
import type { Application } from "./listening.ts";
import type { DatabaseLog } from "../../log/sql/log.ts";
import { openLog } from "./log.ts";
import { openRedaction } from "./redaction.ts";
import { linesOf } from "./report.ts";
import { findScalar } from "./scalar.ts";
import type { ServerOptions } from "./server-options.ts";
import type { Settings } from "./settings.ts";

/** The log, whose heads are kept in a file where the settings name one; closed if it lost any. */
const withHeads = async (log: DatabaseLog, settings: Settings): Promise<DatabaseLog> => {
  const { headsFile } = settings;
  if (headsFile === null) return log;
  const { keepHeads } = await import("./heads-keeper.ts");
  try {
    return await keepHeads(log, headsFile, { lines: linesOf(settings) });
  } catch (error) {
    await log.close();
    throw error;
  }
};

/** What measures the server; null where nothing does. Loaded only where it is used. */
const measuresOf = async (
  settings: Settings,
  share: Sharing | undefined,
): Promise<Measures | null> => {
  if (settings.metrics === "off") return null;
  const { openMeasures } = await import("../metrics/mod.ts");
  return openMeasures(settings, share);
};

/** What traces the server; null where nothing does. */
const tracesOf = async (settings: Settings): Promise<Traces | null> => {
  const { tracesUrl } = settings;
  if (tracesUrl === null) return null;
  const { openTraces } = await import("../tracing/mod.ts");
  return await openTraces(tracesUrl, process.env, undefined, openRedaction(settings));
};

type Watching = {
  readonly measures: Measures | null;
  readonly traces: Traces | null;
};

/** The ledger, with what is done once it is closed. */
const closedBefore = (ledger: Ledger, end: () => Promise<void>): Ledger => {
  const close = async (): Promise<void> => {
    await ledger.close();
    await end();
  };
  return { ...ledger, close, [Symbol.asyncDispose]: close };
};

const openWatched = async (
  settings: Settings,
  { onLost, ...parts }: ServerOptions,
  { measures, traces }: Watching,
): Promise<Application> => {
  // An embedded database is compiled beside this thread, which meanwhile loads the rest.
  const [opened, { openApplication }, { openDocuments }, { openMcp }, sending] = await Promise.all([
    openLog(settings, { onLost, events: measures?.logEvents }),
    import("./listening.ts"),
    import("../../../http/openapi/mod.ts"),
    import("../../../http/mcp/mod.ts"),
    import("./webhook-sending.ts"),
  ]);
  const log = await withHeads(opened, settings);
  const readScalar = await findScalar();
  const documents = openDocuments({ readScalar });
  const { webhooks, close } = sending.openSending(settings, parts.webhooks);
  const others = { measures, traces, documents, mcp: openMcp(), webhooks };
  try {
    const whole = { ...parts, ...others };
    const application = await openApplication(measures?.log(log) ?? log, settings, whole);
    const ledger = closedBefore(application.ledger, async () => {
      close();
      await traces?.close();
    });
    return { ...application, ledger };
  } catch (error) {
    close();
    await log.close();
    throw error;
  }
};

/**
 * Opens what the settings and the options describe: the database and all that answers over it. By
 * default, `onLost` writes a line to the program's log; `share` is for one of several processes.
 * Where it rejects, nothing is left open.
 */
export const open = async (
  settings: Settings,
  options: ServerOptions = {},
  share?: Sharing,
): Promise<Application> => {
  if (settings.headsFile !== null) {
    const { assertPlace } = await import("./heads-file.ts");
    await assertPlace(settings.headsFile);
  }
  const [measures, traces] = await Promise.all([measuresOf(settings, share), tracesOf(settings)]);
  try {
    return await openWatched(settings, options, { measures, traces });
  } catch (error) {
    await traces?.close();
    throw error;
  }
};
