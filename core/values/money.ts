import * as v from "valibot";
import { oneOf } from "./choice.ts";
import { WholeSchema } from "./whole.ts";

/** An amount in millionths of a dollar (micros), so that a carrier's $0.0035 is still whole. */
export type Money = { readonly micros: number; readonly currency: "USD" };

const MICROS_PER_DOLLAR = 1_000_000;
const DECIMAL = /^(\d{1,9})(?:\.(\d{1,6}))?$/;

/** A valibot schema for stored money: a safe whole number of micros with its currency. */
export const MoneySchema: v.GenericSchema<Money> = v.object({
  micros: WholeSchema,
  currency: oneOf(["USD"]),
});

/**
 * `micros` millionths of a dollar.
 *
 * @example
 * ```ts
 * import { formatMoney, money } from "ledgerline/core";
 *
 * console.log(formatMoney(money(1_150_000))); // 1.15
 * ```
 */
export const money = (micros: number): Money => ({ micros, currency: "USD" });

/**
 * The highest price that is believed, in micros: with any markup, and a setup with its month, it is
 * still counted exactly.
 */
export const MAX_PRICE = 100_000_000_000_000;

/** Nothing. */
export const NO_MONEY: Money = money(0);

/** The sum of two amounts. */
export const plus = (a: Money, b: Money): Money => money(a.micros + b.micros);

/** `a` less `b`; may be negative; the caller decides whether that is allowed. */
export const minus = (a: Money, b: Money): Money => money(a.micros - b.micros);

/**
 * Reads an unsigned decimal such as `25`, `1.00` or `0.0035` (at most nine digits before the point
 * and six after it). Anything else gives `undefined`.
 *
 * @example
 * ```ts
 * import { parseMoney } from "ledgerline/core";
 *
 * console.log(parseMoney("1.15")?.micros); // 1150000
 * ```
 */
export const parseMoney = (text: string): Money | undefined => {
  const parts = DECIMAL.exec(text);
  if (parts === null) return undefined;
  const fraction = (parts[2] ?? "").padEnd(6, "0");
  return money(Number(parts[1]) * MICROS_PER_DOLLAR + Number(fraction));
};

/** The most that can be written. */
const HIGHEST = "999999999.999999";

/**
 * What keeps `parseMoney` from reading a text, after the name of the field; null where it reads it.
 */
export const moneyFault = (text: string): string | null => {
  if (DECIMAL.test(text)) return null;
  const parts = /^\d+(?:\.(\d+))?$/.exec(text);
  if (parts === null) return "must be a decimal of dollars, such as 25.00";
  return (parts[1]?.length ?? 0) > 6
    ? "must have at most 6 digits after the point"
    : `must have at most 9 digits before the point, and so be at most ${HIGHEST}`;
};

/**
 * Writes an amount as a decimal with two places, or with more where it has more: `1.00`, `0.0035`.
 *
 * @example
 * ```ts
 * import { formatMoney, money } from "ledgerline/core";
 *
 * console.log(formatMoney(money(25_000_000))); // 25.00
 * ```
 */
export const formatMoney = (amount: Money): string => {
  const digits = Math.abs(amount.micros);
  const whole = Math.floor(digits / MICROS_PER_DOLLAR);
  const fraction = String(digits % MICROS_PER_DOLLAR).padStart(6, "0");
  const places = fraction.replace(/0{1,4}$/, "");
  return `${amount.micros < 0 ? "-" : ""}${whole}.${places}`;
};

/** The amount as a JSON number of dollars, for wires that want one. */
export const toDollars = (amount: Money): number => amount.micros / MICROS_PER_DOLLAR;
