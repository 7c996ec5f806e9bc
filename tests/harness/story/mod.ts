/** The vocabulary of specifications: events and commands with ordinary content. */
export * from "./businesses.ts";
export * from "./commands.ts";
export * from "./events.ts";
export * from "./requirements.ts";
export * from "./routes.ts";
export * from "./terms.ts";
