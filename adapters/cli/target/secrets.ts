/** The tokens that a command sends, from the environment or from files that it names. */
import { messageOf } from "../../../core/values/error-message.ts";
import { readSettingsFile } from "../../runtimes/server/settings-files.ts";
import { CommandFailed, STATUS } from "../failures.ts";
import type { Environment } from "./mod.ts";

/** As a header can have it. */
const PRINTABLE = /^[\x21-\x7e]+$/;

/**
 * The token in `name`, or in the file that `<name>_FILE` names; null where neither is set. Throws
 * where both are set, or it cannot be sent.
 */
const secretOf = (environment: Environment, name: string): string | null => {
  const unfit = (variable: string, why: string): CommandFailed =>
    new CommandFailed(STATUS.wrongUse, `${variable}: ${why}`);
  const { [name]: given = "", [`${name}_FILE`]: file = "" } = environment;
  if (given !== "" && file !== "") {
    throw unfit(`${name}_FILE`, `must not be set with ${name}`);
  }
  if (given === "" && file === "") return null;
  let text = given;
  if (file !== "") {
    try {
      text = readSettingsFile(file).replace(/\r?\n$/, "");
    } catch (error) {
      throw unfit(`${name}_FILE`, `the file cannot be read: ${messageOf(error)}`);
    }
  }
  // The operator's may be several, of which each is good.
  const [first = ""] = text.split(",");
  if (!PRINTABLE.test(first)) {
    throw unfit(file === "" ? name : `${name}_FILE`, "must be printable, without spaces");
  }
  return first;
};

/** The same, where the command cannot do without it. */
export const neededSecret = (environment: Environment, name: string, whose: string): string => {
  const secret = secretOf(environment, name);
  if (secret !== null) return secret;
  throw new CommandFailed(
    STATUS.wrongUse,
    `${name} (or ${name}_FILE) must be set: ${whose}, which the server asks for`,
  );
};
