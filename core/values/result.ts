/** The result of what may be refused: a value, or a typed error; never an exception. */
export type Result<Value, Failure> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Failure };

/**
 * A success that carries `value`.
 *
 * @example
 * ```ts
 * import { ok, type Result } from "ledgerline/core";
 *
 * const released: Result<"released", never> = ok("released");
 * ```
 */
export const ok = <Value>(value: Value): { readonly ok: true; readonly value: Value } => ({
  ok: true,
  value,
});

/**
 * A failure that carries `error`.
 *
 * @example
 * ```ts
 * import { failed, type Result } from "ledgerline/core";
 *
 * const away: Result<never, { readonly kind: "unreachable" }> = failed({ kind: "unreachable" });
 * ```
 */
export const failed = <Failure>(
  error: Failure,
): { readonly ok: false; readonly error: Failure } => ({ ok: false, error });
