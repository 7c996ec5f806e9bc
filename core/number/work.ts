/** What a bought number waits for, by its stage, and from when on. */
import type { AutomationWork } from "../log/state.ts";
import { DAY_MS, type Instant, type Milliseconds } from "../values/calendar.ts";
import { unreachable } from "../values/unreachable.ts";
import { nextDueOf, type Stage } from "./stage.ts";

/** How long a failed purchase is shown, unless it is dismissed before. */
const FAILED_SHOWN_MS: Milliseconds = 7 * DAY_MS;

/** What decides when a bought number needs an automation. */
type Dated = { readonly stage: Stage; readonly createdAt: Instant; readonly updatedAt: Instant };

/** The automation that a bought number waits for, and from when on; each stage has one. */
export const workOf = ({ stage, createdAt, updatedAt }: Dated): AutomationWork => {
  switch (stage.status) {
    case "purchasing":
      return { automation: "ordering", due: createdAt };
    case "releasing":
      return { automation: "releasing", due: stage.since };
    case "failed":
      return { automation: "dismissals", due: updatedAt + FAILED_SHOWN_MS };
    case "active":
    case "suspended":
      return {
        automation: stage.term.kind === "trial" ? "trials" : "renewals",
        due: nextDueOf(stage),
      };
    default:
      return unreachable(stage);
  }
};
