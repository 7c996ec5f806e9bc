/** The commands with their words and options, as Effect's command line reads them. */
import * as Effect from "effect/Effect";
import * as Argument from "effect/cli/Argument";
import * as CliError from "effect/cli/CliError";
import * as Command from "effect/cli/Command";
import * as Completions from "effect/cli/Completions";
import type { Result } from "../../core/values/result.ts";
import type { Asked, Take } from "./asked.ts";
import { readHead, readMark } from "./marks.ts";
import { callCommands, doctorCommand } from "./tree-calls.ts";
import { flag, maybe, option, port, word } from "./options.ts";

/** The program's name, as users type it. */
export const PROGRAM = "ledgerline";

const SHELLS = ["bash", "zsh", "fish"] as const;

/** Gives what is asked for; where it does not fit, the sentence that says so is the error. */
const taken = (take: Take, asked: Result<Asked, string>): Effect.Effect<void, CliError.CliError> =>
  asked.ok
    ? Effect.sync(() => take(asked.value))
    : Effect.fail(new CliError.ValidationError({ message: asked.error }));

const ORGANIZATION = "an organization's id";

/** What works at the log itself, and the server. */
const logCommands = (take: Take) =>
  [
    Command.make("serve", {}, () => Effect.sync(() => take({ command: "serve" }))).pipe(
      Command.withDescription("Run the server, as the environment's settings say"),
    ),
    Command.make(
      "heads",
      { accept: flag("accept", "Put them into HEADS_FILE in place of what is there") },
      ({ accept }) => Effect.sync(() => take({ command: "heads", isAccepted: accept })),
    ).pipe(
      Command.withDescription("Print every organization's head, to be kept elsewhere"),
    ),
    Command.make(
      "export",
      { organization: word("organization", ORGANIZATION) },
      ({ organization }) => Effect.sync(() => take({ command: "export", organization })),
    ).pipe(
      Command.withDescription("Print an organization's events, one JSON object a line"),
    ),
    Command.make(
      "verify",
      {
        file: word("file", "what export printed"),
        head: option("head", "<position:hash>", "A head that was kept elsewhere"),
      },
      ({ file, head }) => {
        const kept = head === undefined ? { ok: true, value: null } as const : readHead(head);
        return taken(
          take,
          kept.ok ? { ok: true, value: { command: "verify", file, kept: kept.value } } : kept,
        );
      },
    ).pipe(
      Command.withDescription("Check an export, and that it contains the head kept"),
    ),
    Command.make(
      "check",
      { organization: maybe("organization", ORGANIZATION) },
      ({ organization }) => Effect.sync(() => take({ command: "check", organization })),
    ).pipe(
      Command.withDescription("Compare every row with the log, and the log with HEADS_FILE"),
    ),
    Command.make(
      "installation",
      { new: flag("new", "Give this installation its own id, as a copy of another one") },
      ({ new: isNew }) => Effect.sync(() => take({ command: "installation", isNew })),
    ).pipe(
      Command.withDescription("Print the id in this installation's orders"),
    ),
    Command.make(
      "rebuild",
      { organization: maybe("organization", ORGANIZATION) },
      ({ organization }) => Effect.sync(() => take({ command: "rebuild", organization })),
    ).pipe(
      Command.withDescription("Compute the state rows again from the log"),
    ),
    followCommand(take),
  ] as const;

const followCommand = (take: Take) =>
  Command.make(
    "follow",
    {
      organization: maybe("organization", ORGANIZATION),
      after: option(
        "after",
        "<position:hash>",
        "Begin behind this event; a position alone will do",
      ),
    },
    ({ organization, after }) => {
      if (after !== undefined && organization === undefined) {
        const error = "--after needs an organization, of whose log it is a position";
        return taken(take, { ok: false, error });
      }
      const mark = readMark(after ?? "0");
      return taken(
        take,
        mark.ok
          ? { ok: true, value: { command: "follow", organization, after: mark.value } }
          : mark,
      );
    },
  ).pipe(
    Command.withDescription("Print events as they come, one JSON object a line, until Ctrl-C"),
  );

const initCommand = (take: Take) =>
  Command.make(
    "init",
    {
      folder: maybe("folder", "the project's folder; this one without it"),
      organization: option("organization", "<id>", "The first organization; main without it"),
      name: option("name", "<name>", "What it is called; its id without it"),
      plan: option("plan", "<plan>", "Its plan; Growth without it"),
      email: option("email", "<address>", "Whose its token is; nobody@example.com without it"),
      port: port("Where the server is to listen; 8787 without it"),
      json: flag("json", "Print JSON"),
    },
    ({ folder = ".", organization = "main", name, plan = "Growth", email, port, json }) =>
      Effect.sync(() =>
        take({
          command: "init",
          folder,
          organization,
          called: name,
          plan,
          email: email ?? "nobody@example.com",
          port: port ?? 8_787,
          isJson: json,
        })
      ),
  ).pipe(
    Command.withDescription("Make a folder with settings, tokens and a first organization"),
  );

const completionsOf = (tree: () => Command.Command.Any, take: Take) =>
  Command.make(
    "completions",
    { shell: Argument.Literals("shell", SHELLS).pipe(Argument.withDescription("the shell")) },
    ({ shell }) =>
      Effect.sync(() => {
        const text = Completions.generate(PROGRAM, shell, Completions.fromCommand(tree()));
        // What it says of its own installation is about an option that is a command here.
        take({ command: "print", text: text.replaceAll("--completions", "completions") });
      }),
  ).pipe(Command.withDescription("Print what makes a shell complete commands and options"));

/** The whole command line; `take` is called once for one that fits. */
export const treeOf = (take: Take) => {
  const tree = Command.make(PROGRAM).pipe(
    Command.withDescription(
      "Keeps the phone numbers of many organizations. What asks a ledger asks the server at --url\n" +
        "  or in LEDGERLINE_URL, else the ledger in DATABASE_URL or DATA_DIR. What works at the log\n" +
        "  opens that one; stop the server first that has DATA_DIR. No command but init and serve\n" +
        "  makes a database.",
    ),
    Command.withSubcommands([
      { group: "A project", commands: [initCommand(take), doctorCommand(take)] },
      { group: "Organizations and their numbers", commands: callCommands(take) },
      { group: "The server and its log", commands: logCommands(take) },
      { group: "This program", commands: [completionsOf((): Command.Command.Any => tree, take)] },
    ]),
  );
  return tree;
};
