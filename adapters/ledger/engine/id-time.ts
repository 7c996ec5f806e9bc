/** The time within an id that the ledger made. */
import type { Instant } from "../../../core/values/calendar.ts";
import type { IdPrefix } from "../../../core/values/identity.ts";

// Crockford's base 32 in lower case, as `adapters/clock/ids.ts` writes it.
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
const FORM = /^[a-z]{2}_([0-7][0-9a-hjkmnp-tv-z]{9})[0-9a-hjkmnp-tv-z]{16}$/;

/** When an id was made; null for one of another kind or form. */
export const timeOfId = (prefix: IdPrefix, id: string): Instant | null => {
  const [, time] = FORM.exec(id) ?? [];
  if (time === undefined || !id.startsWith(prefix)) return null;
  return [...time].reduce((at, digit) => at * DIGITS.length + DIGITS.indexOf(digit), 0);
};
