/** Model runs: commands that are drawn, given to a client, and checked. */
import { withoutUndefined } from "../../../adapters/validation/optional.ts";
import fc from "fast-check";
import { ASSISTANTS } from "../arbitraries/contents.ts";
import { type Action, ACTIONS, type Draw } from "./actions.ts";
import type { NumberClient } from "./client.ts";
import { beginModel, compare, type ModelOptions, type NumberModel } from "./model.ts";

/** A command of a model run. */
export type NumberCommand = fc.AsyncCommand<NumberModel, NumberClient>;

const draw: fc.Arbitrary<Draw> = fc.record({
  pick: fc.nat(19),
  assistant: fc.option(fc.constantFrom(...ASSISTANTS), { nil: null }),
});

const commandOf = (
  name: string,
  { calls, isReady, run }: Action,
  drawn: Draw,
): NumberCommand => ({
  check: (model) => model.calls.has(calls) && isReady(model),
  run: async (model, client) => {
    await run(model, client, drawn);
    await compare(model, client);
  },
  toString: () => `${name}(${drawn.pick})`,
});

/** How many commands a model run has. */
export type CommandsOptions = {
  /** 30 by default. */
  readonly maxCommands?: number | undefined;
  /** Where fast-check says that a failure is, to reproduce it: its `replayPath`. */
  readonly replayPath?: string | undefined;
};

/**
 * Commands of a model run: numbers are searched, bought, bought again, assigned, released and asked
 * for, and after each command the client's list is compared with the model. Commands that a client
 * has no call for are left out.
 *
 * @example
 * ```ts
 * import fc from "fast-check";
 * import { ledgerClient, numberCommands, runCommands } from "ledgerline/testing";
 *
 * await fc.assert(
 *   fc.asyncProperty(numberCommands(), (commands) =>
 *     runCommands(ledgerClient(ledger, alice), commands)),
 * );
 * ```
 */
export const numberCommands = (
  options: CommandsOptions = {},
): fc.Arbitrary<Iterable<NumberCommand>> =>
  fc.commands(
    Object.entries(ACTIONS).flatMap(([name, action]) =>
      // fast-check draws each of these alike: one that weighs more is there more often.
      Array<fc.Arbitrary<NumberCommand>>(action.weight)
        .fill(draw.map((drawn) => commandOf(name, action, drawn)))
    ),
    { size: "max", maxCommands: 30, ...withoutUndefined(options) },
  );

/**
 * Runs commands on a client, beginning with what its organization holds; fails as they fail.
 *
 * @example
 * ```ts
 * import fc from "fast-check";
 * import { ledgerClient, numberCommands, runCommands } from "ledgerline/testing";
 *
 * const [commands = []] = fc.sample(numberCommands({ maxCommands: 10 }), 1);
 * await runCommands(ledgerClient(ledger, alice), commands, { maxNumbers: 10 });
 * ```
 */
export const runCommands = (
  client: NumberClient,
  commands: Iterable<NumberCommand>,
  options: ModelOptions = {},
): Promise<void> =>
  fc.asyncModelRun(
    async () => ({ model: await beginModel(client, options), real: client }),
    commands,
  );
