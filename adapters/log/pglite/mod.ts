/** The log in PGlite, a PostgreSQL within the process: on files in a folder, or in memory. */
import { oneOf } from "../../../core/values/choice.ts";
import { PGlite } from "@electric-sql/pglite";
import * as v from "valibot";
import { assertArguments } from "../../validation/argument.ts";
import type { Optional } from "../../validation/optional.ts";
import { CallableSchema, exactly, FilledSchema } from "../../validation/shapes.ts";
import { cached } from "../cache.ts";
import { type DatabaseLog, openSqlLog } from "../sql/log.ts";
import { type OnOtherRows, seeToRows } from "../sql/row-version.ts";
import { PLANNING } from "../sql/planning.ts";
import { migrate } from "../sql/schema.ts";
import { withFiles } from "./bundler-hint.ts";
import { connect } from "./connection.ts";
import type { Disk, OpenDatabase } from "./disk.ts";
import { UNGUARDED } from "./guard.ts";
import { defaultImagePath, imageBlob, readImage } from "./image.ts";
import type { FolderLost } from "./folder-lost.ts";
import { openFolder } from "./folder-database.ts";
import { keepUp } from "./maintenance.ts";

export { hasDatabase } from "./folder.ts";
export { FolderLost } from "./folder-lost.ts";
export type { OpenDatabase } from "./disk.ts";
export { defaultImagePath, prepareImage } from "./image.ts";

export type PgliteOptions = {
  /** Where the data is; `memory` keeps none. No other process may have it open. */
  readonly folder: string | "memory";
  /**
   * `synced` (the default): what was acknowledged survives a power cut. `relaxed`: it survives the
   * end of the process, however sudden, but perhaps not that of the machine.
   */
  readonly durability?: "synced" | "relaxed" | undefined;
  /** The image that new databases are made of, see `prepareImage`; made there when missing. */
  readonly image?: string | undefined;
  /** Called after every sync to disk, for counting them. */
  readonly onSync?: (() => void) | undefined;
  /** Called with the number of appends in each statement, for measuring them; must not throw. */
  readonly onBatch?: ((size: number) => void) | undefined;
  /**
   * Handles rows that another version of the code made, before the log is returned: rebuilds them
   * (`rebuildAll`) or throws. By default opening rejects, with a sentence that says what to do.
   */
  readonly onOtherRows?: OnOtherRows | undefined;
  /**
   * Is called once when this process has lost its folder, or cannot be sure of it any more. Every
   * call rejects with `FolderLost` then; the process should end and be started again.
   */
  readonly onLost?: ((lost: FolderLost) => void) | undefined;
  /** Called with a sentence when the disk accepts no more writes. */
  readonly onUnavailable?: ((why: string) => void) | undefined;
  /** Is called when it does again. */
  readonly onAvailable?: (() => void) | undefined;
  /** Called with a sentence on what the operator should change. */
  readonly onNote?: ((sentence: string) => void) | undefined;
};

const ENTRIES: Readonly<Record<keyof PgliteOptions, v.GenericSchema>> = {
  folder: FilledSchema,
  durability: v.optional(oneOf(["synced", "relaxed"])),
  image: v.optional(FilledSchema),
  onSync: v.optional(CallableSchema),
  onBatch: v.optional(CallableSchema),
  onOtherRows: v.optional(CallableSchema),
  onLost: v.optional(CallableSchema),
  onUnavailable: v.optional(CallableSchema),
  onAvailable: v.optional(CallableSchema),
  onNote: v.optional(CallableSchema),
};

const OptionsSchema = exactly(ENTRIES);

const SETTINGS = Object.entries(PLANNING).flatMap(([name, value]) => ["-c", `${name}=${value}`]);

const openMemory = async (image: string | null): Promise<OpenDatabase> => {
  const pglite = await PGlite.create({
    loadDataDir: imageBlob(await readImage(image)),
    startParams: [...PGlite.defaultStartParams, ...SETTINGS],
  });
  const database = keepUp(connect(pglite, UNGUARDED));
  await migrate(database);
  const health = async (): Promise<void> => {
    await database.query("select 1", []);
  };
  return { database, health, assertHeld: () => {}, close: () => pglite.close() };
};

/**
 * Opens the database in a folder, or a new one in memory, with the log's schema in it. Rejects with
 * an Error when another process has the folder (naming it), when newer code has migrated it, or
 * when an older PostgreSQL made it. `disk` is asked before everything that is written.
 */
export const openPglite = (
  options: PgliteOptions,
  disk: Optional<Disk> = {},
): Promise<OpenDatabase> => {
  const image = options.image ?? defaultImagePath();
  return withFiles(() =>
    options.folder === "memory"
      ? openMemory(image)
      : openFolder({ ...options, image, settings: SETTINGS, disk })
  );
};

/** The log, with its database. */
export type PgliteLog = DatabaseLog;

/**
 * Opens the log as `openPglite` opens its database; closing the log closes the database. Rejects
 * also with an `InvalidArgument` that names the option that does not fit; nothing was opened then.
 * Rows that another version of the code made are seen to first (`onOtherRows`).
 *
 * @example
 * ```ts
 * import { openPgliteLog } from "ledgerline/pglite";
 *
 * const log = await openPgliteLog({ folder: ".ledgerline" });
 * ```
 */
export const openPgliteLog = async (
  options: PgliteOptions,
  disk: Optional<Disk> = {},
): Promise<PgliteLog> => {
  assertArguments({ options: OptionsSchema }, [options]);
  const { database, health, assertHeld, close } = await openPglite(options, disk);
  // This process alone has the folder, so nothing else writes what is cached, while it has it.
  const log = cached(openSqlLog(database, close, undefined, undefined, options.onBatch));
  try {
    await seeToRows(log, database, options.onOtherRows);
  } catch (error) {
    await log.close();
    throw error;
  }
  return {
    ...log,
    load: async (...asked) => {
      assertHeld();
      return await log.load(...asked);
    },
    find: async (...asked) => {
      assertHeld();
      return await log.find(...asked);
    },
    rowsOf: async (...asked) => {
      assertHeld();
      return await log.rowsOf(...asked);
    },
    claims: async (...asked) => {
      assertHeld();
      return await log.claims(...asked);
    },
    database,
    health,
    writable: health,
    isEmbedded: true,
  };
};
