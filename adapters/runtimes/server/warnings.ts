/** Warnings about settings with which a server starts anyway. */
import type { Settings } from "./settings.ts";

/** This machine, a socket of it, or what workerd itself reaches a database through (Hyperdrive). */
const LOCAL = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|(?:\/|%2f).*|.+\.hyperdrive\.local)?$/i;

/**
 * The hosts of a URL, of which there may be several (`postgres://user@a:1,b:2/name?…`), and its
 * query.
 */
const PARTS = /^[^:]+:\/\/(?:[^/?]*@)?([^/?]*)[^?]*\??(.*)/s;

const hostsOf = (authority: string): readonly string[] =>
  authority.split(",").map((host) => host.replace(/:\d*$/, ""));

/** How a connection is made, by the last of each parameter, as the driver reads them. */
const modeOf = (query: string): string | undefined => {
  const given = Object.fromEntries(new URLSearchParams(query));
  return given["sslrootcert"] === "system" ? "verify-full" : given["sslmode"] ?? given["ssl"];
};

/**
 * Whether the database is elsewhere and its certificate is not looked at, be it that the connection
 * is not encrypted at all (libpq, `sslmode`).
 */
const isUnverified = (databaseUrl: string): boolean => {
  const [, authority = "", query = ""] = PARTS.exec(databaseUrl) ?? [];
  const mode = modeOf(query);
  return mode !== "verify-full" && mode !== "verify-ca" &&
    hostsOf(authority).some((host) => !LOCAL.test(host));
};

/** A line for each that concerns a worker too, without secrets. */
export const warningsOf = (
  { databaseUrl, reviewersUrl, reviewersSecret }: Settings,
): readonly string[] => [
  ...(databaseUrl !== null && isUnverified(databaseUrl)
    ? [
      "DATABASE_URL: the connection is not verified to lead to the database, or not even encrypted; " +
      "use sslmode=verify-full",
    ]
    : []),
  ...(reviewersUrl !== null && reviewersSecret === null
    ? ["REVIEWERS_WEBHOOK_URL: notices are not signed; set REVIEWERS_WEBHOOK_SECRET"]
    : []),
];

/** All lines about a server's settings. */
export const serverWarningsOf = (settings: Settings): readonly string[] => [
  ...warningsOf(settings),
  ...(settings.privateWebhooks === "on"
    ? [
      "ALLOW_PRIVATE_WEBHOOKS: webhooks may be sent to this machine and its network, and without TLS; " +
      "for development only",
    ]
    : []),
];
