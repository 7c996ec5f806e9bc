/** Secrets that are in files: what `…_FILE` names. */
import { messageOf } from "../../../core/values/error-message.ts";
import { failed, ok, type Result } from "../../../core/values/result.ts";
import { SECRETS } from "./settings-table.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** The variable that names the file of another one. */
const fileOf = (name: string): string => `${name}_FILE`;

/** The variables that name files of secrets. */
export const SECRET_FILES: readonly string[] = SECRETS.map(fileOf);

/**
 * The variables with those in place that files have, without the newline at a file's end; `named`
 * puts the name of the file's variable into a line about such a secret. Else the line that says
 * what is wrong: both are set, or the file cannot be read. Where there are no files, `readFile` is
 * null.
 */
export const withSecretFiles = (
  variables: Variables,
  readFile: ((path: string) => string) | null,
): Result<
  { readonly variables: Variables; readonly named: (line: string) => string },
  string
> => {
  const read: Record<string, string> = {};
  for (const name of SECRETS) {
    const file = fileOf(name);
    const path = variables[file];
    if (path === undefined) continue;
    if (variables[name] !== undefined) return failed(`${file}: must not be set with ${name}`);
    if (readFile === null) return failed(`${file}: must not be set, as there are no files here`);
    try {
      read[name] = readFile(path).replace(/\r?\n$/, "");
    } catch (error) {
      return failed(`${file}: the file cannot be read: ${messageOf(error)}`);
    }
    if (read[name] === "") return failed(`${file}: the file is empty`);
  }
  const named = (line: string): string => {
    const [name = ""] = line.split(":");
    return name in read ? `${fileOf(name)}${line.slice(name.length)}` : line;
  };
  return ok({ variables: { ...variables, ...read }, named });
};
