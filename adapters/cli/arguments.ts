/** Reads a command line: what it asks for, or what is wrong with it. */
import * as CliConfig from "effect/cli/CliConfig";
import type * as CliError from "effect/cli/CliError";
import * as CliOutput from "effect/cli/CliOutput";
import * as Command from "effect/cli/Command";
import * as GlobalFlag from "effect/cli/GlobalFlag";
import * as Cause from "effect/Cause";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as FileSystem from "effect/FileSystem";
import * as Layer from "effect/Layer";
import * as Path from "effect/Path";
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner";
import * as Stdio from "effect/Stdio";
import * as Terminal from "effect/Terminal";
import { failed, ok, type Result } from "../../core/values/result.ts";
import { unreachable } from "../../core/values/unreachable.ts";
import { VERSION } from "../../http/version.ts";
import type { Asked } from "./asked.ts";
import { FLAGS } from "./options.ts";
import { PROGRAM, treeOf } from "./tree.ts";

const nothing = Effect.die("a command line is read without files, prompts and processes");

/** What commands might ask for while they are read; ours ask for none of it. */
const SERVICES = Layer.mergeAll(
  FileSystem.layerNoop({}),
  Path.layer,
  Stdio.layerTest({}),
  Layer.succeed(
    Terminal.Terminal,
    Terminal.make({
      columns: Effect.succeed(80),
      rows: Effect.succeed(24),
      size: nothing,
      readInput: nothing,
      readLine: nothing,
      display: () => nothing,
    }),
  ),
  Layer.succeed(
    ChildProcessSpawner.ChildProcessSpawner,
    ChildProcessSpawner.make(() => nothing),
  ),
  Layer.succeed(CliConfig.CliConfig, { builtIns: [GlobalFlag.Help, GlobalFlag.Version] }),
);

type Shown = CliOutput.Presenter.Event;

/** `heads` of `ledgerline heads`. */
const nameOf = (path: readonly string[]): string => path.slice(1).join(" ");

const listed = (commands: NonNullable<Shown & { _tag: "Help" }>["helpDoc"]["subcommands"]) =>
  (commands ?? []).flatMap((group) => group.commands.map(({ name }) => name)).join(", ");

/** How a command is used. */
const usageOf = (
  { commandPath, helpDoc }: Exclude<Shown, { readonly _tag: "Version" }>,
): string => {
  const commands = listed(helpDoc.subcommands);
  return `Usage: ${helpDoc.usage}\n` + (commands === "" ? "" : `Commands: ${commands}\n`) +
    `"${commandPath.join(" ")} --help" says more`;
};

const meant = (suggestions: readonly string[]): string =>
  suggestions.length === 0 ? "" : `; did you mean ${suggestions.join(" or ")}?`;

/** What is wrong, as a sentence of ours. */
const sentenceOf = (
  error: CliError.NonShowHelpErrors,
  shown: Extract<Shown, { readonly _tag: "InvalidInvocation" }>,
): string => {
  switch (error._tag) {
    case "UnrecognizedOption":
      return `${nameOf(shown.commandPath) || PROGRAM} has no option ${error.option}` +
        meant(error.suggestions);
    case "UnexpectedArgument":
      return `${nameOf(shown.commandPath)} has no use for ${JSON.stringify(error.arguments[0])}`;
    case "InvalidValue": {
      const name = error.kind === "flag" ? `--${error.option}` : error.option;
      if (error.value === "") return `${name} needs a value`;
      if (error.value.endsWith(" occurrences")) return `${name} must be given once`;
      return `${name} must be ${error.expected}, and not ` +
        JSON.stringify(error.value);
    }
    case "MissingOption":
      return `--${error.option} is needed`;
    case "UnknownSubcommand":
      return `${usageOf(shown)}\n${JSON.stringify(error.subcommand)} is not a command` +
        meant(error.suggestions);
    case "MissingArgument":
      return usageOf(shown);
    case "DuplicateOption":
    case "ValidationError":
    case "UserError":
      return error.message;
    default:
      return unreachable(error);
  }
};

/** What an option without a value was given, where it was given one. */
const valued = (words: readonly string[]): string | null => {
  const found = words.find((word) => FLAGS.some((name) => word.startsWith(`--${name}=`)));
  return found === undefined ? null : `${found.slice(0, found.indexOf("="))} has no value`;
};

/**
 * The words with the value of each option without one written out: else a word behind it that looks
 * like yes or no, and may be an organization's id, would be taken for that.
 */
const spelledOut = (words: readonly string[]): readonly string[] =>
  words.map((word) => FLAGS.some((name) => word === `--${name}`) ? `${word}=true` : word);

const splitAtEnd = (words: readonly string[]): readonly [readonly string[], readonly string[]] => {
  const end = words.indexOf("--");
  return end === -1 ? [words, []] : [words.slice(0, end), words.slice(end)];
};

/** What was shown in place of a command: help and a version are asked for, all else is wrong. */
const answerOf = (
  shown: Shown,
  formatter: CliOutput.Formatter,
): Result<Asked, string> => {
  switch (shown._tag) {
    case "Help":
      return shown.reason === "Requested"
        ? ok({ command: "print", text: formatter.formatHelpDoc(shown.helpDoc) })
        : failed(usageOf(shown));
    case "Version":
      return ok({ command: "print", text: `${shown.name} ${shown.version}` });
    case "InvalidInvocation": {
      const [first] = shown.errors;
      return failed(first === undefined ? usageOf(shown) : sentenceOf(first, shown));
    }
    default:
      return unreachable(shown);
  }
};

/**
 * Reads the words after the program's name. Invalid words give a sentence that names the option or
 * the word, or how the program is used. `hasColors` is about the help.
 */
export const readCommandLine = (
  words: readonly string[],
  hasColors = false,
): Result<Asked, string> => {
  const [before, after] = splitAtEnd(words);
  const wrong = valued(before);
  if (wrong !== null) return failed(wrong);
  let asked: Asked | undefined;
  let shown: Shown | undefined;
  const presenter = CliOutput.layerPresenter({
    present: (event) => Effect.sync(() => void (shown = event)),
  });
  const read = Command.runWith(treeOf((one) => void (asked = one)), { version: VERSION })(
    [...spelledOut(before), ...after],
  );
  const exit = Effect.runSyncExit(
    read.pipe(Effect.provide(Layer.mergeAll(SERVICES, presenter))),
  );
  if (asked !== undefined) return ok(asked);
  if (shown !== undefined) {
    return answerOf(shown, CliOutput.defaultFormatter({ colors: hasColors }));
  }
  const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined;
  if (error instanceof Error && "_tag" in error) return failed(error.message);
  throw error;
};
