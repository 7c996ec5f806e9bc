/**
 * The rules of numbers' routes: what is recorded of one, and each change of it, is true at the
 * carrier.
 */
import type { Fact } from "../../../core/events/vocabulary.ts";
import type { State } from "../../../core/log/state.ts";
import { type Managed, numbers } from "../../../core/number/state.ts";
import type { Sale } from "./carrier.ts";
import { demand } from "./rules.ts";

/** The number that the carrier serves us with, under this id. */
export type Served = (carrierId: string) => Sale | undefined;

const saleOf = ({ stage }: Managed, served: Served): Sale | undefined =>
  "carrierId" in stage ? served(stage.carrierId) : undefined;

const described = ({ e164, connectionId }: Sale): string =>
  `${e164} is attached to ${connectionId ?? "nothing"}`;

/** Fails unless what is noted now holds; `state` is the one after it. */
export const checkNoted = (state: State, { type, data }: Fact, served: Served): void => {
  if (type !== "RouteDetached" && type !== "RouteAttached") return;
  const number = state.get(numbers, data.holding);
  const sale = number?.source === "managed" ? saleOf(number, served) : undefined;
  if (sale === undefined) return;
  const wanted = type === "RouteDetached" ? null : sale.boughtFor;
  demand(
    sale.connectionId === wanted,
    "routes are as noted",
    () => `${type}, and ${described(sale)}`,
  );
};

/**
 * Fails unless suspended numbers are detached, and those that serve are on what they were bought
 * for.
 */
export const checkRoutes = (state: State, served: Served): void => {
  for (const number of state.all(numbers)) {
    if (number.source !== "managed") continue;
    const { status } = number.stage;
    const sale = saleOf(number, served);
    if (sale === undefined || (status !== "suspended" && status !== "active")) continue;
    const wanted = status === "suspended" ? null : sale.boughtFor;
    demand(
      sale.connectionId === wanted,
      "routes follow",
      () => `${status}, and ${described(sale)}`,
    );
  }
};
