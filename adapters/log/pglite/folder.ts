/** The data folder itself: made, and closed to others. */
import { messageOf } from "../../../core/values/error-message.ts";
import { chmodSync, lstatSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeFolder } from "./files.ts";

/** The database's name in the folder. */
const DATABASE = "pglite";

/** Throws where the folder is a link to what is not there: nothing can be made in its place. */
const assertNotDangling = (folder: string): void => {
  const named = lstatSync(resolve(folder), { throwIfNoEntry: false });
  if (named?.isSymbolicLink() !== true) return;
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) return;
  throw new Error(`${folder} is a link to what is not there`);
};

/**
 * Whether there is a database in the folder, as far as its names tell. Throws an Error that says
 * why that cannot be seen: it may not be entered, is not a folder, or a link that leads nowhere.
 */
export const hasDatabase = (folder: string): boolean => {
  if (lstatSync(join(folder, DATABASE), { throwIfNoEntry: false }) !== undefined) return true;
  assertNotDangling(folder);
  return false;
};

/** What was named as the data folder is not one, and cannot be made one. */
class FolderUnfit extends Error {
  override readonly name = "FolderUnfit";
}

/** Only the owner. */
const PRIVATE = 0o700;
const OTHERS = 0o077;

const OWN_NAMES = /^(?:lock\..*|alive\..*|pglite|pglite\.unfinished|probe|lost\+found)$/;

const modeOf = (path: string): number => statSync(path).mode;

const isOpenToOthers = (path: string): boolean =>
  process.platform !== "win32" && (modeOf(path) & OTHERS) !== 0;

/** Takes others' rights to the folder away; false where this process may not. */
const tighten = (path: string): boolean => {
  try {
    chmodSync(path, modeOf(path) & ~OTHERS & 0o7777);
    return !isOpenToOthers(path);
  } catch {
    return false;
  }
};

/** A folder that holds other things as well, such as a home, is not ours to close. */
const isOurs = (folder: string): boolean =>
  readdirSync(folder).every((name) => OWN_NAMES.test(name));

const shared = (folder: string): string =>
  `the data folder ${folder} can be entered by other users of the machine; chmod 700 closes it`;

/**
 * Makes the folder if need be, for its owner alone. An existing one that is open to others is
 * closed to them if nothing but a database is in it; otherwise `note` is called with a sentence.
 * Throws an Error that says why it cannot be made or read.
 */
export const prepareFolder = (folder: string, note: (sentence: string) => void): void => {
  try {
    assertNotDangling(folder);
    makeFolder(folder, PRIVATE);
    if (isOpenToOthers(folder) && !(isOurs(folder) && tighten(folder))) note(shared(folder));
  } catch (error) {
    const reason = messageOf(error);
    throw new FolderUnfit(`the data folder ${folder} cannot be made: ${reason}`, { cause: error });
  }
};

/**
 * Where the database is in the folder, closed to others. Throws when it is a link: the database
 * might then be that of another folder, with another lock.
 */
export const databaseIn = (
  folder: string,
): { readonly path: string; readonly isThere: boolean } => {
  const path = join(folder, DATABASE);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return { path, isThere: false };
  if (!found.isDirectory()) {
    throw new Error(
      `the data folder ${folder} cannot be opened: pglite in it is not a folder of its own; ` +
        "let DATA_DIR itself be a link if the data is to be elsewhere",
    );
  }
  if (isOpenToOthers(path)) tighten(path);
  return { path, isThere: true };
};
