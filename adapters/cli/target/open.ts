/** Opens what a command line names. */
import { isJsonObject } from "../../../core/values/text.ts";
import { CommandFailed, failureOf, STATUS } from "../failures.ts";
import { call, type Environment, path, type Place, type Target, type Whose } from "./mod.ts";
import { isOpen, openRemote, readUrl } from "./remote.ts";

/** What is said beside the answer. */
type Warn = (sentence: string) => void;

const OPEN = "tokens go to it through the network as they are: use https";

/** The address of the server that the words or the environment name; null: the ledger is here. */
const urlOf = ({ url, isLocal }: Place, environment: Environment): string | null => {
  if (url !== undefined && isLocal) {
    throw new CommandFailed(STATUS.wrongUse, "--url and --local exclude each other");
  }
  if (isLocal) return null;
  return url ?? (environment["LEDGERLINE_URL"] || null);
};

/** That the token is one of the organization that was named. */
const assertOwn = async (target: Target, organization: string): Promise<void> => {
  const { json } = await call(target, {
    method: "GET",
    path: "/ledger/organization",
    as: "organization",
  });
  const id = isJsonObject(json) ? json["id"] : undefined;
  if (id === organization) return;
  throw new CommandFailed(
    STATUS.refused,
    `LEDGERLINE_TOKEN is not a token of ${JSON.stringify(organization)}`,
  );
};

const assertThere = async (target: Target, organization: string): Promise<void> => {
  const reply = await target.ask({
    method: "GET",
    path: path`/admin/organizations/${organization}`,
    as: "operator",
  });
  if (reply.status !== 200) throw failureOf(reply);
};

const organizationOf = ({ organization }: Place, environment: Environment): string => {
  const id = organization ?? environment["LEDGERLINE_ORGANIZATION"] ?? "";
  if (id !== "") return id;
  throw new CommandFailed(
    STATUS.wrongUse,
    "--organization (or LEDGERLINE_ORGANIZATION) must say whose numbers are meant",
  );
};

/**
 * Opens the server at `--url` or in `LEDGERLINE_URL`, with the operator's calls of the latter in
 * `LEDGERLINE_ADMIN_URL` where that is set; null where none is named.
 */
export const openServer = (
  place: Place,
  environment: Environment,
  stopped: AbortSignal,
  warn: Warn,
): Target | null => {
  const text = urlOf(place, environment);
  if (text === null) return null;
  const elsewhere = place.url === undefined ? environment["LEDGERLINE_ADMIN_URL"] || text : text;
  const [url, admin] = [readUrl(text), readUrl(elsewhere)];
  const origins = [url, admin].filter(isOpen).map(({ origin }) => origin);
  for (const origin of new Set(origins)) warn(`${origin}: ${OPEN}`);
  const advice = "ledgerline serve starts it, and --local asks without it";
  return openRemote(url, environment, stopped, {
    admin,
    ...(place.url === undefined && { advice }),
  });
};

/**
 * Opens the server at `--url` or in `LEDGERLINE_URL`, or else the ledger in `DATABASE_URL` or
 * `DATA_DIR`. `as` says on whose behalf the command asks.
 */
export const openTarget = async (
  place: Place,
  as: Whose,
  environment: Environment,
  stopped: AbortSignal,
  warn: Warn,
): Promise<Target> => {
  const server = openServer(place, environment, stopped, warn);
  if (server !== null) {
    const { organization } = place;
    if (as === "organization" && organization !== undefined) await assertOwn(server, organization);
    return server;
  }
  const organization = as === "organization" ? organizationOf(place, environment) : null;
  const { openLocal, settingsOf } = await import("./local.ts");
  const target = await openLocal(settingsOf(environment), { organization, stopped, warn });
  if (organization === null) return target;
  try {
    await assertThere(target, organization);
    return target;
  } catch (error) {
    await target.close();
    throw error;
  }
};
