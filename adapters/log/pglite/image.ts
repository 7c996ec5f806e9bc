/**
 * The image: a database made and migrated beforehand, packed into one file. Making one takes
 * seconds; opening one takes a fraction.
 */
import { Buffer } from "node:buffer";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import * as v from "valibot";
import { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";
import { assertArguments } from "../../validation/argument.ts";
import { FilledSchema } from "../../validation/shapes.ts";
import { digest } from "../digest.ts";
import { MIGRATIONS } from "../sql/migrations.ts";
import { migrate } from "../sql/schema.ts";
import { withFiles } from "./bundler-hint.ts";
import { connect } from "./connection.ts";
import { makeFolder, syncPath } from "./files.ts";
import { UNGUARDED } from "./guard.ts";
import { readTar, type TarEntry, writeTar } from "./tar.ts";

type Manifest = {
  readonly name?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
};

/** The folder of this package and its manifest; null where a bundler took the code out of it. */
const findPackage = () => {
  // A CommonJS bundle does not know where it is.
  const url: string | undefined = import.meta.url;
  if (url === undefined || !url.startsWith("file:")) return null;
  let folder = dirname(fileURLToPath(url));
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) return null;
    folder = parent;
  }
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const pglite = manifest.dependencies?.["@electric-sql/pglite"];
  return manifest.name === "ledgerline" && pglite !== undefined ? { folder, pglite } : null;
};

/**
 * Where the image is kept unless another place is named: in the package's `node_modules/.cache`,
 * under a name that changes with the version of PGlite and with the schema. Null in a bundle, which
 * has no such place.
 */
export const defaultImagePath = (): string | null => {
  const found = findPackage();
  if (found === null) return null;
  const { folder, pglite } = found;
  const schema = digest(JSON.stringify(MIGRATIONS)).slice(0, 12);
  const name = `pglite-${pglite}-schema-${MIGRATIONS.length}-${schema}.tar.gz`;
  return join(folder, "node_modules", ".cache", "ledgerline", name);
};

const entriesOf = (folder: string): readonly TarEntry[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path).replaceAll("\\", "/");
    return { name, content: entry.isDirectory() ? null : readFileSync(path) };
  });

// The templates are what new databases are copied from. No database is created here, and without
// them only a third of the files has to be unpacked, and synced after a crash.
const WITHOUT_TEMPLATES = [
  "update pg_database set datistemplate = false, datallowconn = true",
  "drop database template0",
  "drop database template1",
  "vacuum (freeze, analyze)",
];

const makeImage = async (): Promise<Uint8Array> => {
  const folder = mkdtempSync(join(tmpdir(), "ledgerline-image-"));
  try {
    const pglite = await withFiles(() => PGlite.create({ fs: new NodeFS(folder) }));
    const database = connect(pglite, UNGUARDED);
    for (const statement of WITHOUT_TEMPLATES) await database.query(statement, []);
    // Only now: the planner treats a table that was vacuumed while empty as if it stayed empty.
    await migrate(database);
    // Packed after it was closed, an image needs no recovery when it is opened.
    await pglite.close();
    return writeTar(entriesOf(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const save = (path: string, image: Uint8Array): void => {
  makeFolder(dirname(path));
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, gzipSync(image, { level: 6 }));
  renameSync(unfinished, path);
};

const NO_PLACE = "this is a bundle, which has no place for the database image: name a path";

/**
 * Makes the image at `path` unless it is there. It appears whole or not at all.
 *
 * @example
 * ```ts
 * import { openPgliteLog, prepareImage } from "ledgerline/pglite";
 *
 * await prepareImage("image.tar.gz");
 * const log = await openPgliteLog({ folder: ".ledgerline", image: "image.tar.gz" });
 * ```
 */
export const prepareImage = async (...given: readonly [path?: string]): Promise<void> => {
  assertArguments({ path: v.optional(FilledSchema) }, given);
  const path = given[0] ?? defaultImagePath();
  if (path === null) throw new Error(NO_PLACE);
  if (!existsSync(path)) save(path, await makeImage());
};

/**
 * The image at `path`, as a tar archive. One that is missing is made, and kept if the place can be
 * written to; the next start is quicker then. Without a path it is made and not kept.
 */
export const readImage = async (path: string | null): Promise<Uint8Array> => {
  if (path === null) return await makeImage();
  if (existsSync(path)) return gunzipSync(readFileSync(path));
  const image = await makeImage();
  try {
    save(path, image);
  } catch {
    // A read-only installation works anyway.
  }
  return image;
};

/** The image as PGlite loads it into memory. */
export const imageBlob = (image: Uint8Array): Blob =>
  new Blob([Buffer.from(image)], { type: "application/x-tar" });

/**
 * Unpacks the image as the folder `target`, which must not exist: beside it first, then synced and
 * renamed, so that a kill in the middle leaves no incomplete database.
 */
export const unpackImage = (image: Uint8Array, target: string, synced: boolean): void => {
  const unfinished = `${target}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  for (const { name, content } of readTar(image)) {
    const path = join(unfinished, name);
    if (content === null) mkdirSync(path, { recursive: true, mode: 0o700 });
    else {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, content, { mode: 0o600 });
    }
    if (synced) syncPath(path);
  }
  if (synced) syncPath(unfinished);
  renameSync(unfinished, target);
  if (synced) syncPath(dirname(target));
};
