/** Positions and heads of a log, as they are typed. */
import type { Head } from "../../core/ports/mod.ts";
import { failed, ok, type Result } from "../../core/values/result.ts";
import type { Mark } from "../ledger/api/feed.ts";

/** A head: a position and the hash of the event there. */
export const readHead = (text: string): Result<Head, string> => {
  const [, position, hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text) ?? [];
  return position === undefined || hash === undefined
    ? failed("--head must be a position, a colon and a hash of 64 hex digits")
    : ok({ position: Number(position), hash });
};

/** A position, or a position and a hash. */
export const readMark = (text: string): Result<Mark, string> => {
  if (/^\d{1,15}$/.test(text)) return ok(Number(text));
  const head = readHead(text);
  return head.ok ? head : failed(
    "--after must be a position and the hash of the event there, such as 7:<hash>, or a position " +
      `alone, and not ${JSON.stringify(text)}`,
  );
};
