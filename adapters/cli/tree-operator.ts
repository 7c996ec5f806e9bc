/** The operator's commands, with their words and options. */
import * as Command from "effect/cli/Command";
import { choice, flag, maybe, needed, option, word } from "./options.ts";
import { type Asks, KEY, MOST, WHERE, YES } from "./where.ts";

const ID = word("organization", "its id");
const PLAN = "a plan's name, as ledgerline plan list has them";

/** Of organizations, tokens and plans. */
export const operatorCommands = (asks: Asks) =>
  [organizations(asks), tokens(asks), plans(asks)] as const;

const organizations = (asks: Asks) =>
  Command.make("organization").pipe(
    Command.withDescription("Open, list, show, credit and close organizations"),
    Command.withSubcommands([
      Command.make(
        "open",
        {
          ...WHERE,
          id: ID,
          name: option("name", "<name>", "What it is called; at first its id"),
          plan: option("plan", "<plan>", `${PLAN}; at first Free`),
        },
        asks(({ id, name, plan }) => ({
          name: "organization open",
          id,
          called: name,
          plan,
        })),
      ).pipe(Command.withDescription("Open an organization; the same again changes nothing")),
      Command.make(
        "list",
        { ...WHERE, limit: MOST },
        asks((words) => ({ name: "organization list", limit: words.limit })),
      ).pipe(Command.withDescription("List organizations, by id")),
      Command.make(
        "show",
        { ...WHERE, id: ID },
        asks(({ id }) => ({ name: "organization show", id })),
      )
        .pipe(Command.withDescription("Show an organization's plan, credits and verification")),
      Command.make(
        "close",
        { ...WHERE, id: ID, yes: YES },
        asks(({ id, yes }) => ({ name: "organization close", id, isSure: yes })),
      ).pipe(
        Command.withDescription("Release an organization's numbers, and revoke its tokens"),
      ),
      Command.make(
        "credit",
        { ...WHERE, id: ID, amount: word("amount", "US dollars, such as 25.00"), key: KEY },
        asks(({ id, amount, key }) => ({ name: "organization credit", id, amount, key })),
      ).pipe(Command.withDescription("Add to an organization's prepaid credits")),
    ]),
  );

const tokens = (asks: Asks) =>
  Command.make("token").pipe(
    Command.withDescription("Issue, list and revoke tokens of organizations"),
    Command.withSubcommands([
      Command.make(
        "issue",
        {
          ...WHERE,
          of: ID,
          email: needed("email", "<address>", "Whose it is"),
          name: option("name", "<name>", "What the user is called; the address without it"),
          sandbox: flag("sandbox", "A token that buys from the sandbox carrier"),
          scope: choice("scope", ["read", "write"], "What it may do; write without it"),
          expires: option("expires", "<time>", "Until when it is valid; until revoked without it"),
          key: KEY,
        },
        asks(({ of, email, name, sandbox, scope, expires, key }) => ({
          name: "token issue",
          organization: of,
          email,
          called: name,
          isSandbox: sandbox,
          scope,
          expires,
          key,
        })),
      ).pipe(Command.withDescription("Issue a token, which is shown once")),
      Command.make(
        "list",
        { ...WHERE, of: ID, limit: MOST },
        asks((words) => ({ name: "token list", organization: words.of, limit: words.limit })),
      ).pipe(Command.withDescription("List an organization's tokens, without their secrets")),
      Command.make(
        "revoke",
        { ...WHERE, id: word("token", "its id, which list shows") },
        asks(({ id }) => ({ name: "token revoke", id })),
      ).pipe(Command.withDescription("Revoke a token")),
    ]),
  );

const plans = (asks: Asks) =>
  Command.make("plan").pipe(
    Command.withDescription("List plans, and set an organization's plan"),
    Command.withSubcommands([
      Command.make("list", WHERE, asks(() => ({ name: "plan list" }))).pipe(
        Command.withDescription("List the plans"),
      ),
      Command.make(
        "show",
        { ...WHERE, plan: word("plan", PLAN) },
        asks(({ plan }) => ({ name: "plan show", plan })),
      ).pipe(Command.withDescription("Show a plan's terms")),
      Command.make(
        "set",
        { ...WHERE, of: ID, plan: word("plan", PLAN) },
        asks(({ of, plan }) => ({ name: "plan set", organization: of, plan })),
      ).pipe(Command.withDescription("Give an organization another plan")),
    ]),
  );

/** A command, and what it can be followed by. */
const work = (asks: Asks) =>
  Command.make(
    "work",
    {
      ...WHERE,
      state: choice("state", ["due", "stuck", "resting"], "due without it"),
      until: option("until", "<time>", "What is due by then, which may be in the future"),
      limit: MOST,
    },
    asks((words) => ({
      name: "work",
      state: words.state,
      until: words.until,
      limit: words.limit,
    })),
  ).pipe(
    Command.withDescription("List what automations have to do, the longest due first"),
    Command.withSubcommands([
      Command.make(
        "run",
        {
          ...WHERE,
          kind: word("kind", "its kind, which the list shows"),
          id: word("id", "its id, which the list shows"),
          organization: option("organization", "<id>", "Whose it is; nobody's without it"),
        },
        asks(({ kind, id, organization }) => ({
          name: "work run",
          item: { organization: organization ?? null, kind, id },
        })),
      ).pipe(Command.withDescription("Have an item that is due tried now, though it rests")),
    ]),
  );

/** Of what automations do. */
export const operations = (asks: Asks) =>
  [
    work(asks),
    Command.make(
      "reconcile",
      { ...WHERE, carrier: maybe("carrier", "one of the server's carriers") },
      asks(({ carrier }) => ({ name: "reconcile", carrier })),
    ).pipe(
      Command.withDescription("Compare the carrier's numbers with ours, and repair what differs"),
    ),
  ] as const;
