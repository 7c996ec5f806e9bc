/** The settings of a project: `ledgerline.env` in the folder where the command line is used. */
import { statSync } from "node:fs";
import process from "node:process";
import { messageOf } from "../../core/values/error-message.ts";
import { readSettingsFile } from "../runtimes/server/settings-files.ts";
import { VARIABLES } from "../runtimes/server/settings.ts";
import { CommandFailed, STATUS } from "./failures.ts";
import { SETTINGS_FILE } from "./project.ts";
import { parseSettings } from "./settings-lines.ts";
import type { Environment } from "./target/mod.ts";
import { isLoopback } from "./target/remote.ts";

/** What the command line itself reads, for the server at an address. */
const OWN = [
  "LEDGERLINE_URL",
  "LEDGERLINE_ADMIN_URL",
  "LEDGERLINE_ORGANIZATION",
  "LEDGERLINE_TOKEN",
  "LEDGERLINE_TOKEN_FILE",
];

/** Rights that let others than the owner change a file. */
const OTHERS_WRITE = 0o022;

const unfit = (why: string): CommandFailed =>
  new CommandFailed(STATUS.wrongUse, `${SETTINGS_FILE}: ${why}`);

/** That nobody else could have written it: it says where tokens go. */
const assertOwn = (path: string): void => {
  const own = process.getuid?.();
  if (own === undefined) return;
  const { uid, mode } = statSync(path);
  if (uid !== own && uid !== 0) throw unfit("it is another user's, and is not read");
  if ((mode & OTHERS_WRITE) !== 0) {
    throw unfit("others may write it, and it is not read; chmod 600 closes it");
  }
};

/** Addresses, and the secrets that are sent there. */
const SENT: readonly (readonly [addresses: readonly string[], secrets: readonly string[]])[] = [
  [["LEDGERLINE_URL", "LEDGERLINE_ADMIN_URL"], ["ADMIN_TOKEN", "LEDGERLINE_TOKEN"]],
  [["TELNYX_BASE_URL"], ["TELNYX_API_KEY"]],
  // What the libraries read beside the settings.
  [["DATABASE_URL"], ["PGPASSWORD"]],
  [
    ["OTEL_EXPORTER_OTLP_ENDPOINT"],
    ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"],
  ],
];

/** What cannot be read as a URL may still lead elsewhere; a database without a host is here. */
const isElsewhere = (address: string): boolean => {
  if (!URL.canParse(address)) return true;
  const { hostname } = new URL(address);
  return hostname !== "" && !isLoopback(hostname);
};

/**
 * That an address in the file gets no secret from outside of it: the folder may be a stranger's,
 * who wants it. A file that it names for a secret is outside of it, too.
 */
const assertTogether = (
  added: Readonly<Record<string, string | undefined>>,
  outside: readonly string[],
): void => {
  for (const [addresses, secrets] of SENT) {
    const address = addresses.find((name) => isElsewhere(added[name] || "http://localhost"));
    if (address === undefined) continue;
    const secret = secrets.find((name) => outside.includes(name));
    if (secret !== undefined) {
      throw unfit(
        `its ${address} is not sent the ${secret} that is set outside of it; ` +
          "set both there, or both here",
      );
    }
    const named = secrets.map((name) => `${name}_FILE`).find((name) => (added[name] ?? "") !== "");
    if (named !== undefined) {
      throw unfit(
        `its ${address} is not sent what its ${named} names, which may be any file; ` +
          "set both outside of it, or write the secret itself here",
      );
    }
  }
};

/**
 * The environment with what the file says of variables that are not set; null where there is no
 * file. Throws where it is not the user's own, cannot be read whole, sets what is not a setting,
 * or would have secrets from outside sent elsewhere.
 */
export const withSettingsFile = (environment: Environment): Environment | null => {
  if (statSync(SETTINGS_FILE, { throwIfNoEntry: false }) === undefined) return null;
  assertOwn(SETTINGS_FILE);
  let text: string;
  try {
    text = readSettingsFile(SETTINGS_FILE);
  } catch (error) {
    throw unfit(messageOf(error));
  }
  const lines = parseSettings(text);
  if (!lines.ok) throw unfit(lines.error);
  const read = lines.value;
  const unknown = Object.keys(read).find((name) => ![...VARIABLES, ...OWN].includes(name));
  if (unknown !== undefined) throw unfit(`${unknown} is not a setting`);
  const set = Object.entries(environment).filter(([, value]) => value !== "");
  // One of a pair replaces the other, too.
  const names = set.map(([name]) => name.replace("_FILE", ""));
  const added = Object.fromEntries(
    Object.entries(read).filter(([name]) => !names.includes(name.replace("_FILE", ""))),
  );
  assertTogether(added, names);
  return { ...environment, ...added };
};
