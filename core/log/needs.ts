import type { Needs } from "../ports/mod.ts";

/** What both ask for, each kind and claim once; the commands of `a`. */
export const mergeNeeds = (a: Needs, b: Needs): Needs => ({
  ...a,
  rows: [...(a.rows ?? []), ...(b.rows ?? [])],
  kinds: [...new Set([...(a.kinds ?? []), ...(b.kinds ?? [])])],
  groups: [...(a.groups ?? []), ...(b.groups ?? [])],
  claims: [...new Set([...(a.claims ?? []), ...(b.claims ?? [])])],
});
