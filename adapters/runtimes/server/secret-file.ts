/** A secret that is in a file, which `…_FILE` names. */
import { messageOf } from "../../../core/values/error-message.ts";
import { failed, ok, type Result } from "../../../core/values/result.ts";

/** Variables by their names; what is not set is undefined. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Gives the text of a file; throws where it cannot be read. */
export type ReadFile = (path: string) => string;

/** The variable that names the file of another one. */
export const fileOf = (name: string): string => `${name}_FILE`;

/**
 * The secret in the file that `<name>_FILE` names, without the newline at its end; null where none
 * is named. Else the line that says what is wrong: both are set, or the file is empty or cannot be
 * read. Where there are no files, `readFile` is null.
 */
export const secretInFile = (
  variables: Variables,
  name: string,
  readFile: ReadFile | null,
): Result<string | null, string> => {
  const file = fileOf(name);
  const path = variables[file];
  if (path === undefined) return ok(null);
  if (variables[name] !== undefined) return failed(`${file}: must not be set with ${name}`);
  if (readFile === null) return failed(`${file}: must not be set, as there are no files here`);
  try {
    const secret = readFile(path).replace(/\r?\n$/, "");
    return secret === "" ? failed(`${file}: the file is empty`) : ok(secret);
  } catch (error) {
    return failed(`${file}: the file cannot be read: ${messageOf(error)}`);
  }
};
