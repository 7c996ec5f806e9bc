/** What the command line asks for. */
import type { Mark } from "../ledger/api/feed.ts";
import { parseArgs } from "node:util";
import type { Head } from "../../core/ports/mod.ts";
import { failed, ok, type Result } from "../../core/values/result.ts";
import { unreachable } from "../../core/values/unreachable.ts";

const USAGE = `Usage: ledgerline <command> (in a clone: npm run -s ledgerline -- <command>)

  serve                         run the server, as the environment's settings say
  heads [--accept]              print every organization's head, to be kept elsewhere; --accept puts
                                them into HEADS_FILE in place of what is there
  export <organization>         print an organization's events, one JSON object a line
  verify <file> [--head P:HASH] check an export, and that it contains the head kept
  check [organization]          compare every row with the log, and the log with HEADS_FILE
  installation [--new]          print the id in this installation's orders; --new gives a copy its own
  rebuild [organization]        compute the state rows again from the log
  follow [organization] [--after P:HASH]
                                print events as they come, one JSON object a line, until Ctrl-C

All but serve and verify open the database in DATABASE_URL, beside the servers that use it, or the one in
DATA_DIR; stop the server first that has that one. None of them makes a database.`;

/** A command with what it needs. */
export type Asked =
  | { readonly command: "serve" }
  | { readonly command: "heads"; readonly isAccepted: boolean }
  | { readonly command: "check"; readonly organization: string | undefined }
  | { readonly command: "installation"; readonly isNew: boolean }
  | { readonly command: "export"; readonly organization: string }
  | { readonly command: "verify"; readonly file: string; readonly kept: Head | null }
  | { readonly command: "rebuild"; readonly organization: string | undefined }
  | {
    readonly command: "follow";
    readonly organization: string | undefined;
    readonly after: Mark;
  };

type Options = Readonly<Record<string, string>>;

type Shape = {
  /** How many words follow the command, at least and at most. */
  readonly words: readonly [number, number];
  /** The option that it has; a flag has no value. */
  readonly option?: string;
  readonly flag?: string;
};

const COMMANDS: Readonly<Record<Asked["command"], Shape>> = {
  serve: { words: [0, 0] },
  heads: { words: [0, 0], flag: "accept" },
  check: { words: [0, 1] },
  installation: { words: [0, 0], flag: "new" },
  export: { words: [1, 1] },
  verify: { words: [1, 1], option: "head" },
  rebuild: { words: [0, 1] },
  follow: { words: [0, 1], option: "after" },
};

const isCommand = (word: string | undefined): word is Asked["command"] =>
  word !== undefined && Object.hasOwn(COMMANDS, word);

/** A position, or a position and a hash. */
const markOf = (text: string): Result<Mark, string> => {
  if (/^\d{1,15}$/.test(text)) return ok(Number(text));
  const head = headOf(text);
  return head.ok ? head : failed(
    "--after must be a position and the hash of the event there, such as 7:<hash>, or a position " +
      `alone, and not ${JSON.stringify(text)}`,
  );
};

const headOf = (text: string): Result<Head, string> => {
  const [, position, hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text) ?? [];
  return position === undefined || hash === undefined
    ? failed("--head must be a position, a colon and a hash of 64 hex digits")
    : ok({ position: Number(position), hash });
};

/** What the command asks for, once its words are counted and its options are checked. */
const askedFor = (
  command: Asked["command"],
  subject: string | undefined,
  { head, after, accept, new: isNew }: Options,
): Result<Asked, string> => {
  switch (command) {
    case "serve":
      return ok({ command });
    case "heads":
      return ok({ command, isAccepted: accept !== undefined });
    case "installation":
      return ok({ command, isNew: isNew !== undefined });
    case "check":
      return ok({ command, organization: subject });
    case "export":
      return ok({ command, organization: subject ?? "" });
    case "rebuild":
      return ok({ command, organization: subject });
    case "verify": {
      const kept = head === undefined ? ok(null) : headOf(head);
      return kept.ok ? ok({ command, file: subject ?? "", kept: kept.value }) : kept;
    }
    case "follow": {
      if (after !== undefined && subject === undefined) {
        return failed("--after needs an organization, of whose log it is a position");
      }
      const mark = markOf(after ?? "0");
      return mark.ok ? ok({ command, organization: subject, after: mark.value }) : mark;
    }
    default:
      return unreachable(command);
  }
};

/**
 * Reads the words after the program's name. Invalid words give a sentence that names the option or
 * the word, or how the program is used.
 */
export const readCommandLine = (words: readonly string[]): Result<Asked, string> => {
  // In strict mode it would throw, and read `--after -1` as two options.
  const { positionals: [command, ...subjects], tokens } = parseArgs({
    args: [...words],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: {
      head: { type: "string" },
      after: { type: "string" },
      accept: { type: "boolean" },
      new: { type: "boolean" },
    },
  });
  if (!isCommand(command)) return failed(USAGE);
  const { words: [least, most], option, flag } = COMMANDS[command];
  const options: Record<string, string> = {};
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    if (token.name === flag) {
      if (token.value !== undefined) return failed(`${token.rawName} has no value`);
      options[token.name] = "";
      continue;
    }
    if (token.name !== option) return failed(`${command} has no option ${token.rawName}`);
    if (token.value === undefined) return failed(`${token.rawName} needs a value`);
    options[token.name] = token.value;
  }
  if (subjects.length < least) return failed(USAGE);
  const surplus = subjects[most];
  if (surplus !== undefined) return failed(`${command} has no use for ${JSON.stringify(surplus)}`);
  return askedFor(command, subjects[0], options);
};
