import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Folders of a test file, below one that is removed with all of them. */
export type Folders = {
  /** A path of a folder that does not exist yet. */
  readonly newPath: () => string;
  /** A new folder that is its owner's alone. */
  readonly newFolder: () => string;
  readonly remove: () => void;
};

/** Makes folders below a new one whose name begins with `ledgerline-` and this name. */
export const openFolders = (name: string): Folders => {
  const root = mkdtempSync(join(tmpdir(), `ledgerline-${name}-`));
  let made = 0;
  const newPath = (): string => join(root, `${made += 1}`);
  return {
    newPath,
    newFolder: () => {
      const folder = newPath();
      mkdirSync(folder, { mode: 0o700 });
      return folder;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
};
