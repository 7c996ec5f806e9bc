/** Reading a unit of systemd: the values of each of its settings, in their order. */
import { readImageFile } from "./dockerfile.ts";

export type Unit = Readonly<Record<string, readonly string[]>>;

export const readUnit = (): Unit => {
  const read: Record<string, string[]> = {};
  for (const line of readImageFile("ledgerline.service").split("\n")) {
    if (line === "" || line.startsWith("#") || line.startsWith("[")) continue;
    const at = line.indexOf("=");
    (read[line.slice(0, at)] ??= []).push(line.slice(at + 1));
  }
  return read;
};
