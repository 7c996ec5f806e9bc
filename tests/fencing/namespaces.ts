/** Other containers, and what looks like other machines, as far as this user may make them. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Runs a command as the first process of a new container, which ends with this program. */
export const CONTAINER = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];

/** As `CONTAINER`, on what looks like another machine: its kernel has another name of its boot. */
export const machineIn = (folder: string): readonly string[] => {
  const boot = join(folder, "boot");
  writeFileSync(boot, "00000000-1111-2222-3333-444444444444\n");
  const rename = `mount --bind '${boot}' /proc/sys/kernel/random/boot_id && exec "$@"`;
  return [...CONTAINER, "sh", "-c", rename, "sh"];
};

const works = ([program = "", ...parameters]: readonly string[]): boolean =>
  spawnSync(program, [...parameters, "true"], { stdio: "ignore" }).status === 0;

/** Whether containers can be made here; it takes Linux, and rights that not every user has. */
export const hasContainers = (): boolean => works(CONTAINER);

/** Whether what looks like another machine can be made here. */
export const hasMachines = (folder: string): boolean => works(machineIn(folder));
