/** All secrets that are in files. */
import { ok, type Result } from "../../../core/values/result.ts";
import { fileOf, type ReadFile, secretInFile, type Variables } from "./secret-file.ts";
import { SECRETS } from "./settings-table.ts";

/** The variables that name files of secrets. */
export const SECRET_FILES: readonly string[] = SECRETS.map(fileOf);

/**
 * The variables with those in place that files have; `named` puts the name of the file's variable
 * into a line about such a secret. Else the line that says what is wrong (`secretInFile`).
 */
export const withSecretFiles = (
  variables: Variables,
  readFile: ReadFile | null,
): Result<
  { readonly variables: Variables; readonly named: (line: string) => string },
  string
> => {
  const read: Record<string, string> = {};
  for (const name of SECRETS) {
    const secret = secretInFile(variables, name, readFile);
    if (!secret.ok) return secret;
    if (secret.value !== null) read[name] = secret.value;
  }
  const named = (line: string): string => {
    const [name = ""] = line.split(":");
    return name in read ? `${fileOf(name)}${line.slice(name.length)}` : line;
  };
  return ok({ variables: { ...variables, ...read }, named });
};
