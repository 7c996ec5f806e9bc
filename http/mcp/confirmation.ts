/**
 * Values that a tool gives before it does what cannot be undone, and takes to do it. They are made
 * of the caller's token, so that only who holds it can make one, and nothing has to be kept: any
 * server knows them again. No two are the same, so each stands for one command.
 */
import { sameInConstantTime } from "../../adapters/hash/constant-time.ts";
import { sha256 } from "../../adapters/hash/sha256.ts";
import { HOUR_MS, type Instant } from "../../core/values/calendar.ts";
import type { Call } from "../dialect.ts";

const LENGTH = 32;

const valueAt = (
  { headers, caller }: Call,
  what: unknown,
  salt: string,
  hour: number,
): string =>
  sha256(
    JSON.stringify([headers.get("authorization"), caller.organization, what, salt, hour]),
  ).slice(0, LENGTH);

const hourOf = (at: Instant): number => Math.floor(at / HOUR_MS);

const newSalt = (): string => crypto.randomUUID().replaceAll("-", "");

/** The value that confirms these, for one to two hours: a salt, and a part for each. */
export const confirmationOf = (call: Call, parts: readonly unknown[]): string => {
  const hour = hourOf(call.ledger.now());
  const salt = newSalt();
  return salt + parts.map((part) => valueAt(call, part, salt, hour)).join("");
};

/** Whether a value begins with what confirms these, in their order. */
export const confirms = (call: Call, parts: readonly unknown[], value: string): boolean => {
  const salt = value.slice(0, LENGTH);
  const given = value.slice(LENGTH, (parts.length + 1) * LENGTH);
  const hour = hourOf(call.ledger.now());
  return [hour, hour - 1].map((each) =>
    sameInConstantTime(given, parts.map((part) => valueAt(call, part, salt, each)).join(""))
  ).includes(true);
};
