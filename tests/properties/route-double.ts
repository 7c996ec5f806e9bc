/** The routes of a scripted carrier's numbers, which are changed as a script says. */
import type { Carrier, CarrierError } from "../../core/ports/mod.ts";
import type { Instant, Milliseconds } from "../../core/values/calendar.ts";
import { failed, ok } from "../../core/values/result.ts";

/** The outcome of detaching and attaching a route. */
export type RouteWeather =
  | "changes"
  | "fails"
  | "answerLost"
  /** It is done much later, its answer lost. */
  | "takenLate"
  | "throws";

/** What the account attaches numbers to. */
export const CONNECTION = "account";

type Lost = Exclude<RouteWeather, "changes">;

/** What numbers are attached to: all to the account's connection, until that is changed. */
export const routeBook = ({ owned, weather, now, lateMs, wrongs }: {
  readonly owned: ReadonlyMap<string, unknown>;
  readonly weather: () => RouteWeather;
  readonly now: () => Instant;
  readonly lateMs: Milliseconds;
  readonly wrongs: string[];
}) => {
  const detached = new Set<string>();
  const late: { readonly at: Instant; readonly happen: () => void }[] = [];
  const arrive = () => {
    while (late[0] !== undefined && late[0].at <= now()) late.shift()?.happen();
  };
  const lose = (how: Lost, change: () => void) => {
    if (how === "throws") throw new Error("the line broke");
    if (how === "takenLate") late.push({ at: now() + lateMs, happen: change });
    if (how === "answerLost") change();
    return failed<CarrierError>({ kind: "unknown", message: "The carrier plays unknown." });
  };
  const change = <Done extends string>(carrierId: string, done: Done, set: () => void) => {
    arrive();
    const route = weather();
    if (route !== "changes") return lose(route, set);
    if (!owned.has(carrierId)) return ok("gone" as const);
    set();
    return ok(done);
  };
  return {
    isDetached: (carrierId: string) => {
      arrive();
      return detached.has(carrierId);
    },
    calls: {
      suspend: async ({ carrierId }) =>
        change(carrierId, "suspended", () => void detached.add(carrierId)),
      resume: async ({ carrierId }, { connectionId }) => {
        if (connectionId !== CONNECTION) wrongs.push(`attached to ${connectionId}`);
        return change(carrierId, "resumed", () => void detached.delete(carrierId));
      },
    } satisfies Pick<Carrier, "suspend" | "resume">,
  };
};
