import { tag } from "../../../core/values/tag.ts";

/** A setting that parses and cannot be used as it is; the message names the variable. */
export class SettingUnfit extends Error {
  static {
    tag(this, "SettingUnfit");
  }
  override readonly name = "SettingUnfit";

  constructor(variable: string, why: string, cause?: unknown) {
    super(`${variable}: ${why}`, { cause });
  }
}

/** With which status a program ends whose settings cannot be used. */
export const USAGE_ERROR = 2;

/** With which status a program ends that failed with this error. */
export const statusOf = (error: unknown): number => {
  const name = error instanceof Error ? error.name : "";
  // The log lost events that HEADS_FILE says it had.
  if (name === "LogBehind") return 3;
  return name === "SettingUnfit" ? USAGE_ERROR : 1;
};

/** What the systems call an address that is not available on this machine, or is not an address. */
const NO_ADDRESS = ["ENOTFOUND", "EAI_AGAIN", "EADDRNOTAVAIL", "EAFNOSUPPORT", "EINVAL"];

const isNoAddress = (error: Error): boolean =>
  ("code" in error && NO_ADDRESS.includes(String(error.code))) ||
  error.name === "AddrNotAvailable" || error.message.includes("lookup address");

/**
 * What a listener failed with; where its host is at fault, with the name of the host's variable.
 */
export const unfitHost = (error: unknown, variable: string, host: string): unknown =>
  error instanceof Error && isNoAddress(error)
    ? new SettingUnfit(variable, `cannot listen at ${host}: ${error.message}`, error)
    : error;
