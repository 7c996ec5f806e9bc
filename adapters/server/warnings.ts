/** What an operator should know of their settings, though a server starts with them. */
import type { Settings } from "./settings.ts";

const LOCAL = new Set(["localhost", "127.0.0.1", "[::1]", ""]);

/** Whether the database is elsewhere and its certificate is not looked at (libpq, `sslmode`). */
const isUnverified = (databaseUrl: string): boolean => {
  if (!URL.canParse(databaseUrl)) return false;
  const { hostname, searchParams } = new URL(databaseUrl);
  const mode = searchParams.get("sslmode");
  return !LOCAL.has(hostname) && (mode === "require" || mode === "prefer" || mode === "allow");
};

/** A line for each, without secrets. */
export const warningsOf = (
  { databaseUrl, reviewersUrl, reviewersSecret }: Settings,
): readonly string[] => [
  ...(databaseUrl !== null && isUnverified(databaseUrl)
    ? [
      "DATABASE_URL: sslmode encrypts the connection but does not verify whom it leads to; " +
      "use sslmode=verify-full",
    ]
    : []),
  ...(reviewersUrl !== null && reviewersSecret === null
    ? ["REVIEWERS_WEBHOOK_URL: notices are not signed; set REVIEWERS_WEBHOOK_SECRET"]
    : []),
];
