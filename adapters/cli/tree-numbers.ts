/** An organization's commands about numbers, with their words and options. */
import * as Command from "effect/cli/Command";
import { choice, flag, limit, option, word } from "./options.ts";
import { AS_OPERATOR, type Asks, KEY, MOST, OWN, YES } from "./where.ts";

const DIRECTIONS = ["inbound", "outbound", "both"] as const;

const NUMBER = word("number", "its id, which list shows");

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
      key: KEY,
    },
    asks(({ e164, assistant, label, direction, connection, yes, key }) => ({
      name: "buy",
      wanted: { e164, assistant, label, direction, connection },
      isSure: yes,
      key,
    })),
  ).pipe(Command.withDescription("Buy a number: says the price, and asks"));

/** Finding numbers, having them, and giving them back. */
export const numberCommands = (asks: Asks) =>
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
      { ...OWN, id: NUMBER, asOperator: AS_OPERATOR, limit: MOST },
      asks(({ id, asOperator, organization, limit }) => ({
        name: "history",
        id,
        of: asOperator ? { organization } : null,
        limit,
      })),
    ).pipe(Command.withDescription("Show what happened to a number")),
    Command.make(
      "show",
      { ...OWN, id: NUMBER },
      asks(({ id }) => ({ name: "show", id })),
    ).pipe(Command.withDescription("Show a number")),
    Command.make(
      "release",
      { ...OWN, id: NUMBER, asOperator: AS_OPERATOR, yes: YES, key: KEY },
      asks(({ id, asOperator, yes, key }) => ({
        name: "release",
        id,
        isOperator: asOperator,
        isSure: yes,
        key,
      })),
    ).pipe(Command.withDescription("Give a number back: asks before")),
  ] as const;
