/** Finds the script of the pages in which calls are tried. */
import { access, readFile } from "node:fs/promises";

const PLACE = "http/openapi/vendor/scalar.js.gz";

/** How many folders above this module, or above what it is bundled into, it may be. */
const FOLDERS_UP = 5;

/**
 * What reads it; undefined where it is not there, as in a bundle that was taken elsewhere. It comes
 * with the sources and with the package.
 */
export const findScalar = async (): Promise<
  (() => Promise<Uint8Array<ArrayBuffer>>) | undefined
> => {
  let folder = new URL(".", import.meta.url);
  for (let up = 0; up <= FOLDERS_UP; up += 1) {
    const file = new URL(PLACE, folder);
    const isThere = await access(file).then(() => true, () => false);
    if (isThere) return async () => new Uint8Array(await readFile(file));
    folder = new URL("..", folder);
  }
  return undefined;
};
