/** What commands are decided on: the state that they need, and whether they were given before. */
import { moreOf, needsOf } from "../../../core/registry/commands.ts";
import type { State } from "../../../core/log/state.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { EarlierCommand, Needs } from "../../../core/ports/mod.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import type { Done, Given } from "./command.ts";
import { readFrom } from "./reading.ts";
import type { Part } from "./rounds.ts";
import type { Ports } from "./services.ts";

/** Any refusal, as it is in the error channel. */
export type Failure = { readonly _tag: string };

/** A command that takes part in a round. */
export type Each = Part<Given, Done, Failure>;

type Services = Ports["Service"];

/** With more rows than these a state is not copied for each command that changes it. */
const MAX_ROWS = 1_024;

const unique = <Value>(values: readonly Value[], nameOf: (value: Value) => string): Value[] => [
  ...new Map(values.map((value) => [nameOf(value), value])).values(),
];

/** What all of them ask for, each once; decisions ask for no earlier commands. */
const allNeeds = (all: readonly Needs[]): Needs => ({
  rows: unique(all.flatMap(({ rows = [] }) => rows), ({ kind, key }) => `${kind}\n${key}`),
  groups: unique(
    all.flatMap(({ groups = [] }) => groups),
    ({ kind, group }) => `${kind}\n${group}`,
  ),
  kinds: unique(all.flatMap(({ kinds = [] }) => kinds), (kind) => kind),
  claims: unique(all.flatMap(({ claims = [] }) => claims), (key) => key),
} satisfies Required<Omit<Needs, "commands">>);

/** What a command reads first, with the claims that it met. */
const firstNeeds = ({ envelope: { command }, met }: Given, now: Instant): Needs => {
  const first = needsOf(command, now);
  return met.length === 0 ? first : { ...first, claims: [...first.claims ?? [], ...met] };
};

/** Whether a state has all that a command reads now. */
export const isEnough = (state: State, given: Given, now: Instant): boolean =>
  state.covers(firstNeeds(given, now)) && state.covers(moreOf(state, given.envelope.command));

/** The state that commands are decided on, and which of them were given before. */
type Basis = {
  readonly state: State;
  readonly earlier: ReadonlyMap<Each, EarlierCommand>;
};

/** What was carried to a command that is decided alone, where that is enough. */
const carriedBasis = ({ progress, clock }: Services, { given }: Each): Basis | null => {
  const { organization, carried } = given.envelope;
  const state = carried?.state ?? null;
  if (state === null || !progress.isLatest(organization, state)) return null;
  // That no command has the id is then known of the reading before, and checked by the append.
  return isEnough(state, given, clock.now()) ? { state, earlier: new Map() } : null;
};

/** Reads what these need, and which of them were given before, all at one head. */
const readAll = async (ports: Services, organization: string, parts: readonly Each[]) => {
  const now = ports.clock.now();
  const needs = allNeeds(parts.flatMap(({ given }) => [
    firstNeeds(given, now),
    given.envelope.carried?.besides ?? {},
  ]));
  const { snapshot: { rows, commands }, state } = await readFrom(
    ports,
    organization,
    { ...needs, commands: parts.flatMap(({ given: { id } }) => id?.id ?? []) },
    (state) => allNeeds(parts.map(({ given }) => moreOf(state, given.envelope.command))),
  );
  const known = new Map(commands.map((one) => [one.events[0]?.command, one]));
  const earlier = new Map(parts.flatMap((part) => {
    const command = known.get(part.given.id?.id ?? null);
    return command === undefined ? [] : [[part, command] as const];
  }));
  return { rows, state, earlier };
};

/** The basis of a command that is decided alone. */
export const basisOfOne = async (ports: Services, part: Each): Promise<Basis> => {
  const had = carriedBasis(ports, part);
  if (had !== null) return had;
  const { organization, carried } = part.given.envelope;
  const basis = await readAll(ports, organization, [part]);
  if (carried !== undefined) carried.state = basis.state;
  return basis;
};

/**
 * What commands of an organization are decided on; null where each is to go alone. Rejects with
 * what concerns them all.
 */
export const basisOf = async (
  ports: Services,
  organization: string,
  parts: readonly Each[],
): Promise<Basis | null> => {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return await basisOfOne(ports, first);
  try {
    const basis = await readAll(ports, organization, parts);
    return basis.rows.length > MAX_ROWS ? null : basis;
  } catch (error) {
    if (error instanceof Unavailable) throw error;
    // It may be about one of them.
    return null;
  }
};
