/** The commands that speak to a ledger. */
import * as Effect from "effect/Effect";
import * as Command from "effect/cli/Command";
import type { Take } from "./asked.ts";
import type { Call } from "./calls/mod.ts";
import { numberCommands } from "./tree-numbers.ts";
import { operations, operatorCommands } from "./tree-operator.ts";
import { option } from "./options.ts";
import { OWN, WHERE, type Where } from "./where.ts";

/** The commands; `take` is given what is asked for. */
export const callCommands = (take: Take) => {
  const asks = <Words extends Where>(callOf: (words: Words) => Call) => (words: Words) =>
    Effect.sync(() => {
      const { url, local, json, organization } = words;
      const place = { url, isLocal: local, organization };
      take({ command: "call", call: callOf(words), place, isJson: json });
    });
  return [
    ...operatorCommands(asks),
    ...numberCommands(asks),
    ...operations(asks),
    agents(take),
    listening(take),
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

const listening = (take: Take) =>
  Command.make(
    "listen",
    {
      ...OWN,
      forward: option("forward", "<url>", "Post each event there, signed, until it is taken"),
      secret: option("secret", "<whsec_…>", "Sign with this secret; with a new one without it"),
      types: option("types", "<names>", "Of these types, with commas between them"),
      after: option("after", "<cursor>", "Begin behind this place, or 0; from now on without it"),
    },
    ({ url, local, json, organization, forward, secret, types, after }) =>
      Effect.sync(() => {
        const place = { url, isLocal: local, organization };
        take({ command: "listen", place, isJson: json, forward, secret, types, after });
      }),
  ).pipe(
    Command.withDescription("Print published events as they come, and forward them to a URL"),
  );
