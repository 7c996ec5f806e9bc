/** What is recorded of the routes of numbers, as commands with placeholder holdings. */
import fc from "fast-check";
import { MINUTE_MS } from "../../../core/values/calendar.ts";
import { oddText, orNull } from "./contents.ts";

/** A wish for a route; 0 means the one that the number has. */
const wish = fc.constantFrom(0, 0, 0, 1, 2);

/** What the carrier reported of a route. */
export const ofRoutes = (holding: fc.Arbitrary<string>) => ({
  NoteRoute: {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("NoteRoute" as const),
      holding,
      wish,
      route: fc.record({ connectionId: orNull(oddText), messagingProfileId: orNull(oddText) }),
    }),
  },
  SettleRoute: {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("SettleRoute" as const),
      holding,
      wish,
      as: fc.constantFrom(
        "done" as const,
        "done" as const,
        "unsupported" as const,
        "gone" as const,
      ),
      /** A placeholder for the time at which the command is given. */
      askedAt: fc.constant(0),
      settlingMs: fc.constantFrom(0, MINUTE_MS),
    }),
  },
  RedoRoute: {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant("RedoRoute" as const), holding, wish }),
  },
});
