/** The log in PGlite, a PostgreSQL within the process: on files in a folder, or in memory. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import * as v from "valibot";
import { assertArguments } from "../../../core/values/argument.ts";
import { CallableSchema, exactly, FilledSchema } from "../../../core/values/shapes.ts";
import { cached } from "../cache.ts";
import type { Database } from "../sql/database.ts";
import { type DatabaseLog, openSqlLog } from "../sql/log.ts";
import { type OnOtherRows, seeToRows } from "../sql/row-version.ts";
import { migrate } from "../sql/schema.ts";
import { connect } from "./connection.ts";
import { openFiles, syncPath } from "./files.ts";
import { defaultImagePath, imageBlob, readImage, unpackImage } from "./image.ts";
import { lockFolder } from "./lock.ts";
import { keepUp } from "./upkeep.ts";

export { defaultImagePath, prepareImage } from "./image.ts";

export type PgliteOptions = {
  /** Where the data is; `memory` keeps none. Nobody else may have it open. */
  readonly folder: string | "memory";
  /**
   * `synced` (the default): what was acknowledged survives a power cut. `relaxed`: it survives the
   * end of the process, however sudden, but perhaps not that of the machine.
   */
  readonly durability?: "synced" | "relaxed";
  /** The image that new databases are made of, see `prepareImage`; made there when missing. */
  readonly image?: string;
  /** Is called after every sync to disk, for those who count. */
  readonly onSync?: () => void;
  /**
   * Sees to rows that another version of the code made, before the log is given: rebuilds them
   * (`rebuildAll`) or throws. By default opening rejects, with a sentence that says what to do.
   */
  readonly onOtherRows?: OnOtherRows;
};

const ENTRIES: Readonly<Record<keyof PgliteOptions, v.GenericSchema>> = {
  folder: FilledSchema,
  durability: v.optional(v.picklist(["synced", "relaxed"])),
  image: v.optional(FilledSchema),
  onSync: v.optional(CallableSchema),
  onOtherRows: v.optional(CallableSchema),
};

const OptionsSchema = exactly(ENTRIES);

/** An open database of this process. */
export type OpenDatabase = {
  readonly database: Database;
  /** Closes the files and lets go of the folder. */
  close(): Promise<void>;
};

// The statements are prepared once and for all, when tables may still be empty, so the planner must
// not draw conclusions from how small they are: always by index, never by hashing a whole table.
const PLANNING = [
  "plan_cache_mode=force_generic_plan",
  "enable_seqscan=off",
  "enable_hashjoin=off",
  "enable_mergejoin=off",
].flatMap((setting) => ["-c", setting]);

const begin = async (pglite: PGlite, failure: () => Error | null): Promise<Database> => {
  const database = keepUp(connect(pglite, failure));
  await migrate(database);
  return database;
};

const openMemory = async (image: string): Promise<OpenDatabase> => {
  const pglite = await PGlite.create({
    loadDataDir: imageBlob(await readImage(image)),
    startParams: [...PGlite.defaultStartParams, ...PLANNING],
  });
  const database = await begin(pglite, () => null);
  return { database, close: () => pglite.close() };
};

const openFolder = async (
  folder: string,
  image: string,
  { durability = "synced", onSync = () => {} }: PgliteOptions,
): Promise<OpenDatabase> => {
  const lock = await lockFolder(folder);
  let pglite: PGlite | null = null;
  let failure: Error | null = null;
  const failed = (cause: unknown): void => {
    failure = new Error("the disk refused to keep what was written", { cause });
  };
  try {
    const data = join(folder, "pglite");
    if (!existsSync(data)) {
      unpackImage(await readImage(image), data, durability === "synced");
      if (durability === "synced") syncPath(dirname(resolve(folder)));
    }
    const opened = await openFiles(data, durability, PLANNING, { synced: onSync, failed });
    pglite = opened;
    const database = await begin(opened, () => failure);
    return { database, close: () => opened.close().finally(lock.release) };
  } catch (error) {
    await pglite?.close();
    lock.release();
    throw error;
  }
};

/**
 * Opens the database in a folder, or a new one in memory, with the log's schema in it. Rejects with
 * an Error when another process has the folder (naming it), or when newer code has migrated it.
 */
export const openPglite = (options: PgliteOptions): Promise<OpenDatabase> => {
  const image = options.image ?? defaultImagePath();
  return options.folder === "memory"
    ? openMemory(image)
    : openFolder(options.folder, image, options);
};

/** The log, with its database. */
export type PgliteLog = DatabaseLog;

/**
 * Opens the log as `openPglite` opens its database; closing the log closes the database. Rejects also
 * with an `InvalidArgument` that names the option that does not fit; nothing was opened then. Rows
 * that another version of the code made are seen to first (`onOtherRows`).
 */
export const openPgliteLog = async (options: PgliteOptions): Promise<PgliteLog> => {
  assertArguments({ options: OptionsSchema }, [options]);
  const { database, close } = await openPglite(options);
  const health = async (): Promise<void> => {
    await database.query("select 1", []);
  };
  // This process has the folder to itself, so nobody else writes what is kept.
  const log = cached(openSqlLog(database, close));
  try {
    await seeToRows(log, database, options.onOtherRows);
  } catch (error) {
    await log.close();
    throw error;
  }
  return { ...log, database, health };
};
