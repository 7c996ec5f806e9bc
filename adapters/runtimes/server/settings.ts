import * as v from "valibot";
import type { OrphanPolicy } from "../../../core/events/drift.ts";
import { failed, ok, type Result } from "../../../core/values/result.ts";
import { check } from "../../validation/issue.ts";
import type { CarrierSettings, Settings } from "./setting-types.ts";
import type { ReadFile } from "./secret-file.ts";
import { SECRET_FILES, withSecretFiles } from "./secret-files.ts";
import { readPlans } from "./plans.ts";
import { allRules, PARTS, RULES, SETTINGS, variableOf } from "./settings-table.ts";

export type { CarrierSettings, Settings } from "./setting-types.ts";

type Simple = Pick<Settings, keyof typeof SETTINGS>;

const NAMES = Object.keys(SETTINGS) as readonly (keyof Simple)[];

const Variables = v.object(
  Object.fromEntries(
    NAMES.map((name) => [SETTINGS[name].variable, v.optional(SETTINGS[name].text)]),
  ),
);

const Parts = v.object(PARTS);

/** The names of all variables that are read. */
export const VARIABLES: readonly string[] = [
  ...Object.keys(Variables.entries),
  ...Object.keys(PARTS),
  ...SECRET_FILES,
];

type Read = v.InferOutput<typeof Parts>;

/** The carrier, with what it needs; otherwise the line that names what is missing. */
const carrierOf = (parts: Read): Result<CarrierSettings, string> => {
  const { CARRIER, TELNYX_API_KEY: apiKey, TELNYX_BASE_URL: baseUrl } = parts;
  if (CARRIER === "sandbox") return ok({ name: CARRIER });
  if (apiKey === undefined) return failed("TELNYX_API_KEY: must be set when CARRIER is telnyx");
  return ok({ name: CARRIER, apiKey, baseUrl });
};

/**
 * The policy for orphans, with the organization that adopts them; otherwise what does not fit
 * together.
 */
const orphansOf = ({ ORPHANS: kind, ADOPT_INTO: into }: Read): Result<OrphanPolicy, string> => {
  if (kind === "adopt") {
    return into === undefined
      ? failed("ADOPT_INTO: must be set when ORPHANS is adopt")
      : ok({ kind, into });
  }
  return into === undefined
    ? ok({ kind })
    : failed("ADOPT_INTO: must not be set unless ORPHANS is adopt");
};

/** What these variables say by this schema; otherwise the line that names the one that is wrong. */
const read = <Schema extends v.GenericSchema>(
  schema: Schema,
  variables: object,
): Result<v.InferOutput<Schema>, string> => {
  const parsed = check(schema, variables);
  if (parsed.success) return ok(parsed.output);
  const [issue] = parsed.issues;
  return failed(`${v.getDotPath(issue)}: ${issue.message}`);
};

/** Variables by their names, without those that are empty, which are not set. */
type Environment = Readonly<Record<string, string | undefined>>;

const setIn = (environment: Environment): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));

/** The same as `readSettings` without files of secrets, and by a worker's rules by default. */
export const readVariables = (
  environment: Environment,
  readFile: ReadFile | null = null,
  rules = RULES,
): Result<Settings, string> => {
  const set = setIn(environment);
  const variables = read(Variables, set);
  if (!variables.ok) return variables;
  const parts = read(Parts, set);
  if (!parts.ok) return parts;
  const carrier = carrierOf(parts.value);
  if (!carrier.ok) return carrier;
  const orphans = orphansOf(parts.value);
  if (!orphans.ok) return orphans;
  const { PLANS } = parts.value;
  const plans = PLANS === undefined ? ok(null) : readPlans(PLANS, readFile);
  if (!plans.ok) return plans;
  const simple = Object.fromEntries(NAMES.map((name) => {
    const { variable, initially } = SETTINGS[name];
    return [name, variables.value[variable] ?? initially];
  })) as Simple;
  const settings = {
    ...simple,
    carrier: carrier.value,
    orphans: orphans.value,
    plans: plans.value,
  };
  const broken = rules.find(({ isBroken }) => isBroken(settings));
  return broken === undefined
    ? ok(settings)
    : failed(`${variableOf(broken.setting)}: ${broken.says(variableOf)}`);
};

/**
 * Reads the settings from environment variables. A variable that does not parse gives one line
 * that names it. `readFile` reads the files that `…_FILE` and `PLANS` name; there are none where
 * it is left out.
 *
 * @example
 * ```ts
 * import { readSettings } from "ledgerline/node";
 *
 * const settings = readSettings({ PORT: "http" });
 * if (!settings.ok) console.error(settings.error); // PORT: must be a whole number
 * ```
 */
export const readSettings = (
  environment: Environment,
  readFile: ReadFile | null = null,
): Result<Settings, string> => {
  const whole = withSecretFiles(setIn(environment), readFile);
  if (!whole.ok) return whole;
  const { variables, named } = whole.value;
  const settings = readVariables(variables, readFile, allRules());
  return settings.ok ? settings : failed(named(settings.error));
};
