/**
 * Mutants that no test can kill, since the code does the same with them. Reviewed one by one; an
 * entry that is no mutant of the code any more fails `mutation.node.test.ts`.
 */
import { type Change, keyOf } from "./mutants.ts";
import type { PartName } from "./parts.ts";

type Equivalent = Change & { readonly part: PartName; readonly because: string };

export const EQUIVALENTS: readonly Equivalent[] = [];

const KEYS = new Set(EQUIVALENTS.map(keyOf));

/** Whether a mutant is known to change nothing. */
export const isEquivalent = (mutant: Change): boolean => KEYS.has(keyOf(mutant));
