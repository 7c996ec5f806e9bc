/** What a worker is given by its configuration: variables, secrets, and a Hyperdrive binding. */
import { failed, ok, type Result } from "../../../core/values/result.ts";
import { SECRET_FILES } from "../server/secret-files.ts";
import { readVariables, type Settings, VARIABLES } from "../server/settings.ts";

/** The variables of what a worker lacks: ahead of what they must be on a server. */
const LACKING: Readonly<Record<string, string>> = {
  ADMIN_PORT: "no ports",
  WORKERS: "no processes; the platform has isolates",
  ...Object.fromEntries(SECRET_FILES.map((name) => [name, "no files"])),
  HEADS_FILE: "no files; keep GET /admin/heads",
  WEBHOOK_PROXY: "no proxy",
  METRICS_TOKEN: "no metrics",
  METRICS: "no process that lasts; the platform has metrics",
  OTEL_EXPORTER_OTLP_ENDPOINT: "no process that lasts; the platform has traces",
};

/** What is bound to a worker, by name. */
export type Bindings = Readonly<Record<string, unknown>>;

/** Settings with the database that they must name here, where none can be embedded. */
export type WorkerSettings = Settings & { readonly databaseUrl: string };

/** The URL of the binding; undefined when there is no such binding, null for a bad one. */
const hyperdriveOf = ({ HYPERDRIVE: bound }: Bindings): string | null | undefined => {
  if (bound === undefined) return undefined;
  const url: unknown = Object(bound).connectionString;
  return typeof url === "string" ? url : null;
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
  for (const [name, why] of Object.entries(LACKING)) {
    if (variables.value[name]) return failed(`${name}: must not be set, a worker has ${why}`);
  }
  const settings = readVariables({
    ...variables.value,
    DATABASE_URL: hyperdrive ?? variables.value["DATABASE_URL"],
  });
  if (!settings.ok) return settings;
  const { databaseUrl } = settings.value;
  if (databaseUrl === null) return failed("DATABASE_URL: must be set, or HYPERDRIVE be bound");
  return ok({ ...settings.value, databaseUrl });
};
