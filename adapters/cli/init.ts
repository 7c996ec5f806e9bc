/** `init`: a folder with settings, an operator's token, and a first organization with its token. */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import process from "node:process";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { messageOf } from "../../core/values/error-message.ts";
import { VERSION } from "../../http/version.ts";
import type { AskedToBegin } from "./asked.ts";
import type { Screen } from "./calls/context.ts";
import { memberOf } from "./calls/print.ts";
import { shownJson } from "./escape.ts";
import { CommandFailed, STATUS } from "./failures.ts";
import { SETTINGS_FILE } from "./project.ts";
import { openLocal, settingsOf } from "./target/local.ts";
import { call, type Environment, path, type Target } from "./target/mod.ts";
import type { Session } from "./terminal.ts";

/** The database's folder within the project. */
const DATA = "data";

/** Opens the organization, and issues its first token. */
const begin = async (
  target: Target,
  { organization, called, plan, email }: AskedToBegin,
): Promise<string> => {
  await call(target, {
    method: "PUT",
    path: path`/admin/organizations/${organization}`,
    as: "operator",
    body: { name: called ?? organization, plan },
  });
  const { json } = await call(target, {
    method: "POST",
    path: path`/admin/organizations/${organization}/tokens`,
    as: "operator",
    body: { email, name: called ?? organization },
  });
  return String(memberOf(json, "token"));
};

/** As a settings file has a value, so that it is read as the same. */
const quoted = (text: string): string => {
  const found = ["'", "`", '"'].map((mark) => `${mark}${text}${mark}`).find((value) =>
    parseEnv(`IT=${value}`)["IT"] === text
  );
  if (found !== undefined) return found;
  throw new CommandFailed(
    STATUS.wrongUse,
    `--organization must be writable into ${SETTINGS_FILE}: it has too many kinds of quotes`,
  );
};

const settingsText = (
  { port, organization }: AskedToBegin,
  isElsewhere: boolean,
  token: string,
): string =>
  `# Settings of this Ledgerline, made by ledgerline init ${VERSION}. Variables that are set
# otherwise take precedence. It has secrets: keep it out of repositories.

${
    isElsewhere
      ? "# The database is the one in DATABASE_URL, which is not kept here."
      : `DATA_DIR=${DATA}`
  }
PORT=${port}
ADMIN_TOKEN=${randomBytes(24).toString("hex")}

# What ledgerline search, buy and list use in this folder.
LEDGERLINE_URL=http://localhost:${port}
LEDGERLINE_ORGANIZATION=${quoted(organization)}
LEDGERLINE_TOKEN=${token}
`;

/** Writes a new file whole or not at all, for its owner alone. */
const writeNew = (file: string, text: string): void => {
  const unfinished = `${file}.${randomBytes(6).toString("hex")}`;
  const handle = openSync(unfinished, "wx", 0o600);
  try {
    writeFileSync(handle, text);
    fsyncSync(handle);
    linkSync(unfinished, file);
  } finally {
    closeSync(handle);
    unlinkSync(unfinished);
  }
};

/** Keeps the secrets out of a repository; a list that is there already is its owner's to change. */
const ignore = (folder: string, { note }: Screen): void => {
  const list = join(folder, ".gitignore");
  if (!existsSync(list)) writeFileSync(list, `${SETTINGS_FILE}\n${DATA}/\n`);
  else if (!readFileSync(list, "utf8").split("\n").includes(SETTINGS_FILE)) {
    note(`${list} does not have ${SETTINGS_FILE}, which has secrets: add it`);
  }
};

const exists = (file: string): CommandFailed =>
  new CommandFailed(
    STATUS.refused,
    `${file} is there already: this is a project, and ledgerline serve runs it`,
  );

/** For who has the program by npx alone. */
const NPX = "(ledgerline is what you typed before init: npx with the package)";

/** A folder as a shell reads it: as one word, and no option. */
const shellName = (folder: string): string =>
  /^[\w./][\w./-]*$/.test(folder) ? folder : `-- '${folder.replaceAll("'", "'\\''")}'`;

const made = async (
  screen: Screen,
  { folder, organization }: AskedToBegin,
  isElsewhere: boolean,
): Promise<void> => {
  const enter = folder === "." ? [] : [`  cd ${shellName(folder)}`];
  const lines = [
    `${SETTINGS_FILE}: the settings, the operator's token, and a token of "${organization}"`,
    ...(isElsewhere ? [] : [`${DATA}: the database`]),
    "",
    screen.bold("Next, in one terminal:"),
    ...enter,
    "  ledgerline serve",
    "",
    screen.bold("and in another one:"),
    ...enter,
    "  ledgerline search --area-code 415",
    "  ledgerline buy +14155550101",
    "  ledgerline list",
    ...(process.env["npm_command"] === "exec" ? ["", NPX] : []),
  ];
  for (const line of lines) await screen.line(line);
};

/**
 * Makes the project, and prints what to type next. What is there already stays: a project is
 * refused, and what an earlier try has left is used. The settings come last, so that there are none
 * of a project that is not whole.
 */
export const initProject = async (
  asked: AskedToBegin,
  { screen, stopped }: Session,
  environment: Environment,
): Promise<void> => {
  const { folder, isJson } = asked;
  const file = join(folder, SETTINGS_FILE);
  if (existsSync(file)) throw exists(file);
  quoted(asked.organization);
  const { DATABASE_URL = "", DATABASE_URL_FILE = "" } = environment;
  const isElsewhere = DATABASE_URL !== "" || DATABASE_URL_FILE !== "";
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new CommandFailed(STATUS.wrongUse, `the folder cannot be made: ${messageOf(error)}`);
  }
  const settings = settingsOf({ ...environment, DATA_DIR: join(folder, DATA) });
  const options = { organization: null, stopped, warn: screen.note, makes: true };
  const target = await openLocal(settings, options);
  try {
    const token = await begin(target, asked);
    ignore(folder, screen);
    writeNew(file, settingsText(asked, isElsewhere, token));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") throw exists(file);
    throw error;
  } finally {
    await target.close();
  }
  if (isJson) {
    await screen.line(shownJson({ folder, settings: file, organization: asked.organization }));
  } else await made(screen, asked, isElsewhere);
};
