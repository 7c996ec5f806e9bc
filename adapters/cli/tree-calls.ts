/** The commands that speak to a ledger, with their words and options. */
import * as Effect from "effect/Effect";
import * as Command from "effect/cli/Command";
import type { Take } from "./asked.ts";
import type { Call } from "./calls/mod.ts";
import { choice, flag, limit, maybe, needed, option, word } from "./options.ts";

/** Where a command asks, and how it prints; each command has these. */
const WHERE = {
  url: option("url", "<url>", "A server to ask, instead of LEDGERLINE_URL"),
  local: flag("local", "Open DATABASE_URL or DATA_DIR, also where LEDGERLINE_URL is set"),
  json: flag("json", "Print JSON: a document, or of a list an object a line"),
};

const OWN = {
  ...WHERE,
  organization: option(
    "organization",
    "<id>",
    "Whose; without a server also LEDGERLINE_ORGANIZATION",
  ),
};

type Where = {
  readonly url: string | undefined;
  readonly local: boolean;
  readonly json: boolean;
  readonly organization?: string | undefined;
};

const DIRECTIONS = ["inbound", "outbound", "both"] as const;

const MOST = limit("As many at most; all without it");
const YES = flag("yes", "Do not ask");
const ID = word("organization", "its id");
const PLAN = "a plan's name, as ledgerline plan list has them";

/** The commands; `take` is given what is asked for. */
export const callCommands = (take: Take) => {
  const asks = <Words extends Where>(callOf: (words: Words) => Call) => (words: Words) =>
    Effect.sync(() => {
      const { url, local, json, organization } = words;
      const place = { url, isLocal: local, organization };
      take({ command: "call", call: callOf(words), place, isJson: json });
    });
  return [
    organizations(asks),
    tokens(asks),
    plans(asks),
    ...numbers(asks),
    ...operations(asks),
    agents(take),
  ] as const;
};

/** `doctor`, which is told where to look as the commands are told where to ask. */
export const doctorCommand = (take: Take) =>
  Command.make(
    "doctor",
    WHERE,
    ({ url, local, json }) =>
      Effect.sync(() => {
        const place = { url, isLocal: local, organization: undefined };
        take({ command: "doctor", place, isJson: json });
      }),
  ).pipe(
    Command.withDescription("Look at settings, database, carrier, clock and webhooks, or a server"),
  );

const agents = (take: Take) =>
  Command.make(
    "mcp",
    { url: OWN.url, local: OWN.local, organization: OWN.organization },
    ({ url, local, organization }) =>
      Effect.sync(() => take({ command: "mcp", place: { url, isLocal: local, organization } })),
  ).pipe(
    Command.withDescription("Serve an agent's host on standard input (Model Context Protocol)"),
  );

type Asks = <Words extends Where>(
  callOf: (words: Words) => Call,
) => (words: Words) => Effect.Effect<void>;

const organizations = (asks: Asks) =>
  Command.make("organization").pipe(
    Command.withDescription("Open, list, show and close organizations"),
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
        },
        asks(({ of, email, name, sandbox }) => ({
          name: "token issue",
          organization: of,
          email,
          called: name,
          isSandbox: sandbox,
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

const searching = (asks: Asks) =>
  Command.make(
    "search",
    {
      ...OWN,
      country: option("country", "<code>", "Two letters; US without it"),
      type: choice("type", ["local", "toll-free"], "local without it"),
      areaCode: option("area-code", "<digits>", "Its area code, in the US and Canada"),
      locality: option("locality", "<place>", "Its town"),
      features: option("features", "<list>", "What it can do, such as voice,sms"),
      contains: option("contains", "<digits>", "Digits within it"),
      startsWith: option("starts-with", "<digits>", "Digits that it begins with"),
      endsWith: option("ends-with", "<digits>", "Digits that it ends with"),
      nearby: flag("nearby", "Go on to area codes nearby where there are none"),
      limit: limit("As many at most, up to 100; 20 without it"),
    },
    asks(({ country = "US", ...words }) => {
      const { type, areaCode, locality, features, contains, startsWith, endsWith } = words;
      const { nearby, limit: most } = words;
      const parts = { type, areaCode, locality, features, contains, startsWith, endsWith };
      return { name: "search", filters: { country, ...parts, nearby, limit: most } };
    }),
  ).pipe(Command.withDescription("Search what the carrier sells"));

const buying = (asks: Asks) =>
  Command.make(
    "buy",
    {
      ...OWN,
      e164: word("number", "a number that search shows, such as +14155550101"),
      assistant: option("assistant", "<id>", "The assistant that has it then"),
      label: option("label", "<text>", "What to call it"),
      direction: choice("direction", DIRECTIONS, "both without it"),
      connection: option("connection", "<id>", "The carrier's connection that it leads to"),
      yes: YES,
      key: option("key", "<text>", "Of this purchase: with the same key it is made once"),
    },
    asks(({ e164, assistant, label, direction, connection, yes, key }) => ({
      name: "buy",
      wanted: { e164, assistant, label, direction, connection },
      isSure: yes,
      key,
    })),
  ).pipe(Command.withDescription("Buy a number: says the price, and asks"));

const numbers = (asks: Asks) =>
  [
    searching(asks),
    buying(asks),
    Command.make(
      "list",
      {
        ...OWN,
        status: choice(
          "status",
          ["purchasing", "active", "suspended", "releasing", "failed"],
          "Only those",
        ),
        assistant: option("assistant", "<id>", "Only those that it has"),
        direction: choice("direction", DIRECTIONS, "Only those"),
        source: choice("source", ["managed", "imported"], "Only those"),
        search: option("search", "<text>", "A part of the number, or of its id"),
        asOf: option("as-of", "<time>", "As they were then, such as 2026-01-31T10:00:00Z"),
        all: flag("all", "Those of all organizations, as the operator"),
        limit: MOST,
      },
      asks(({ status, assistant, direction, source, search, asOf, all, limit }) => ({
        name: "list",
        filters: { status, assistant, direction, source, search, asOf },
        isAll: all,
        limit,
      })),
    ).pipe(Command.withDescription("List an organization's numbers, the oldest first")),
    Command.make(
      "history",
      { ...OWN, id: word("number", "its id, which list shows"), limit: MOST },
      asks((words) => ({ name: "history", id: words.id, limit: words.limit })),
    ).pipe(Command.withDescription("Show what happened to a number")),
  ] as const;

const operations = (asks: Asks) =>
  [
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
    ).pipe(Command.withDescription("List what automations have to do, the longest due first")),
    Command.make(
      "reconcile",
      { ...WHERE, carrier: maybe("carrier", "one of the server's carriers") },
      asks(({ carrier }) => ({ name: "reconcile", carrier })),
    ).pipe(
      Command.withDescription("Compare the carrier's numbers with ours, and repair what differs"),
    ),
  ] as const;
