/** Small disks, where this user may mount any. */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import process from "node:process";

const mounts: string[] = [];

/**
 * Mounts an empty disk of this many megabytes at `place`, which is created; null where that is not
 * possible.
 */
export const mountSmall = (place: string, megabytes: number): string | null => {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return null;
  mkdirSync(place, { recursive: true });
  try {
    const command = ["-t", "tmpfs", "-o", `size=${megabytes}m`, "none", place];
    execFileSync("mount", command, { stdio: "ignore" });
  } catch {
    return null;
  }
  mounts.push(place);
  return place;
};

/** Unmounts all of them. */
export const unmountAll = (): void => {
  for (const place of mounts.splice(0)) execFileSync("umount", ["--lazy", place]);
};
