import type { E164 } from "../../../core/values/e164.ts";

/** Numbers that the carrier sells. */
export const FOR_SALE: readonly [E164, ...E164[]] = [
  "+14155550101",
  "+14155550102",
  "+14155550103",
  "+14155550104",
  "+442071838750",
  "+18005550199",
];
