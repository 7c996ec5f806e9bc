/** The words that specifications are told in: events and commands with ordinary content. */
export * from "./businesses.ts";
export * from "./commands.ts";
export * from "./events.ts";
export * from "./requirements.ts";
export * from "./routes.ts";
