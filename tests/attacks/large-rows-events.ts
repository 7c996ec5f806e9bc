/** Imports with large templates. */
import type { DomainEvent } from "../../core/events/vocabulary.ts";

/** A number that JSON writes with 21 digits for the four characters that were sent. */
const LONG = 1e20;

/** The import of a number with a template that is stored at 284 KB. */
export const imported = (index: number): DomainEvent => ({
  type: "NumberImported",
  data: {
    holding: `pn_${index}`,
    e164: `+1415555${String(index).padStart(4, "0")}`,
    world: "sandbox",
    sipConnection: "sip_1",
    sipTrunk: null,
    sipProviderName: null,
    direction: "both",
    label: null,
    template: { steps: Array.from({ length: 12_900 }, () => LONG) },
  },
});
