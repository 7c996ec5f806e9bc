/** What a worker is given by its configuration: variables, secrets, and a Hyperdrive binding. */
import { failed, ok, type Result } from "../../../core/values/result.ts";
import { NO_FILES } from "../server/secret-file.ts";
import { SECRET_FILES } from "../server/secret-files.ts";
import { readVariables, type Settings, VARIABLES } from "../server/settings.ts";

/** The variables of what a worker lacks: ahead of what they must be on a server. */
const LACKING: Readonly<Record<string, string>> = {
  ADMIN_PORT: "no ports",
  WORKERS: "no processes; the platform starts isolates",
  HEADS_FILE: "no files; keep GET /admin/heads",
  METRICS_TOKEN: "no metrics",
  METRICS: "no process that lasts; the platform measures isolates",
  OTEL_EXPORTER_OTLP_ENDPOINT: "no process that lasts; the platform traces workers",
};

/** What is bound to a worker, by name. */
export type Bindings = Readonly<Record<string, unknown>>;

/** Settings with the database that they must name here, where none can be embedded. */
export type WorkerSettings = Settings & { readonly databaseUrl: string };

/** The URL of the binding; undefined when there is no such binding, null for a bad one. */
const hyperdriveOf = ({ HYPERDRIVE: bound }: Bindings): string | null | undefined => {
  if (bound === undefined) return undefined;
  if (typeof bound !== "object" || bound === null || !("connectionString" in bound)) return null;
  return typeof bound.connectionString === "string" ? bound.connectionString : null;
};

/**
 * The settings among the bindings, as text: a worker's configuration may have numbers too. One that
 * is neither is not a setting, and must not be mistaken for one that is left out.
 */
const variablesOf = (bindings: Bindings): Result<Record<string, string>, string> => {
  const variables: Record<string, string> = {};
  for (const name of VARIABLES) {
    const value = bindings[name];
    if (value === undefined) continue;
    if (typeof value !== "string" && typeof value !== "number") {
      return failed(`${name}: must be text`);
    }
    variables[name] = String(value);
  }
  return ok(variables);
};

/**
 * Reads a worker's settings: the variables and secrets that a server reads too, where `HYPERDRIVE`
 * takes precedence over `DATABASE_URL`. What is missing or does not parse gives one line that names
 * it.
 */
export const readEnvironment = (environment: object): Result<WorkerSettings, string> => {
  const bindings = { ...environment };
  const hyperdrive = hyperdriveOf(bindings);
  if (hyperdrive === null) return failed("HYPERDRIVE: must be a Hyperdrive binding");
  const variables = variablesOf(bindings);
  if (!variables.ok) return variables;
  const database = hyperdrive === undefined ? {} : { DATABASE_URL: hyperdrive };
  for (const [name, why] of Object.entries(LACKING)) {
    if (variables.value[name]) return failed(`${name}: must not be set, a worker has ${why}`);
  }
  // A worker does without what reads such files.
  const file = SECRET_FILES.find((name) => variables.value[name]);
  if (file !== undefined) return failed(`${file}: ${NO_FILES}`);
  const settings = readVariables({ ...variables.value, ...database });
  if (!settings.ok) return settings;
  const { databaseUrl } = settings.value;
  if (databaseUrl === null) return failed("DATABASE_URL: must be set, or HYPERDRIVE be bound");
  return ok({ ...settings.value, databaseUrl });
};
