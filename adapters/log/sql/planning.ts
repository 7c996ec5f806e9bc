/**
 * Settings of a session whose statements are prepared once and for all, when tables may still be
 * empty: the planner must not conclude anything from how small they are. Always by index, never by
 * hashing or reading a whole table, and planned once: planning an append takes longer than doing
 * it. What cannot be avoided (a table of one row) looks costly then, and is not worth compiling.
 */
export const PLANNING = {
  plan_cache_mode: "force_generic_plan",
  enable_seqscan: "off",
  enable_hashjoin: "off",
  enable_mergejoin: "off",
  jit: "off",
} as const;
