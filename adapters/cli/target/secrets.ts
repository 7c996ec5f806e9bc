/** The tokens that a command sends, from the environment or from files that it names. */
import { fileOf, secretInFile } from "../../runtimes/server/secret-file.ts";
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
  const given = environment[name] || undefined;
  const variables = { [name]: given, [fileOf(name)]: environment[fileOf(name)] || undefined };
  const read = secretInFile(variables, name, readSettingsFile);
  if (!read.ok) throw new CommandFailed(STATUS.wrongUse, read.error);
  const text = read.value ?? given;
  if (text === undefined) return null;
  // The operator's may be several, of which each is good.
  const [first = ""] = text.split(",");
  if (PRINTABLE.test(first)) return first;
  const variable = given === undefined ? fileOf(name) : name;
  throw new CommandFailed(STATUS.wrongUse, `${variable}: must be printable, without spaces`);
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
