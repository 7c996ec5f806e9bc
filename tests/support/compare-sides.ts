/** Both sides of a reconciliation as a whole, for tests that have them so. */
import type { Drift } from "../../core/events/drift.ts";
import type { CarrierNumber } from "../../core/ports/mod.ts";
import type { Circumstances } from "../../core/reconciliation/compare.ts";
import { openComparison, type Seeing } from "../../core/reconciliation/comparison.ts";
import type { OurNumber } from "../../core/reconciliation/our-number.ts";
import type { E164 } from "../../core/values/e164.ts";

/** Ours before and after, and the carrier's numbers. */
export type Sides = {
  readonly before: ReadonlyMap<E164, OurNumber>;
  readonly after: ReadonlyMap<E164, OurNumber>;
  readonly theirs: ReadonlyMap<E164, CarrierNumber>;
};

/** What a comparison of both sides finds, with all drifts that it has kept. */
export const compare = (
  { before, after, theirs }: Sides,
  circumstances: Circumstances,
): { readonly seen: Seeing; readonly drifts: readonly Drift[] } => {
  const comparison = openComparison();
  comparison.before(before.values());
  comparison.theirs(theirs.values(), after, circumstances);
  comparison.after(after.values(), circumstances);
  const { seen, drifts } = comparison.end(circumstances.isCopied ?? false);
  return { seen, drifts: drifts.map(({ drift }) => drift) };
};
