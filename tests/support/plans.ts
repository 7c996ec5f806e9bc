/** Plans that tests of money have. */
import { NO_LIMITS, type Plan } from "../../core/values/plan.ts";

/** Paid from credits, without verification: it shows what a purchase takes and gives back. */
export const CREDITS: Plan = {
  name: "Credits",
  maxNumbers: 10,
  billing: "credits",
  verification: "none",
  limits: NO_LIMITS,
};
