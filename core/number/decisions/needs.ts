/** What decisions about numbers read. */
import type { State } from "../../log/state.ts";
import { TALLY_ROWS, tooManyFailed } from "../../organization/quotas.ts";
import { SELF_ROW } from "../../organization/refusals.ts";
import { PLACES } from "../../values/claim-key.ts";
import type { Needs } from "../../ports/mod.ts";
import { chargeRow, nextPeriodOf } from "../charges.ts";
import { releaseRequests } from "../release-requests.ts";
import { routeRow, routes } from "../routes.ts";
import { numbers } from "../state.ts";

/** What a command to one number reads: the number, its route, and its organization's own row. */
export const needsNumber = ({ holding }: { readonly holding: string }) => ({
  rows: [SELF_ROW, { kind: numbers.kind, key: holding }, routeRow(holding)],
});

/** What a command to the charge for one period of a number reads: the charge besides the number. */
export const needsCharge = (
  { holding, period }: { readonly holding: string; readonly period: number },
): Needs => ({ rows: [...needsNumber({ holding }).rows, chargeRow(holding, period)] });

/** What a command reads by which a purchase may fail: its quota is given back then. */
export const needsFailing = (
  command: { readonly holding: string; readonly period: number },
): Needs => ({ rows: [...(needsCharge(command).rows ?? []), ...TALLY_ROWS] });

/**
 * Also the failed purchases that are dismissed with it, since too many are shown, and their
 * requests.
 */
export const failing = (state: State): Needs => {
  const rows = PLACES.flatMap((place) => tooManyFailed(state, place)).map((key) => ({
    kind: numbers.kind,
    key,
  }));
  if (!state.covers({ rows })) return { rows };
  const waiting = rows.flatMap(({ key }) => pendingRequest(state, { holding: key }).rows ?? []);
  return { rows: [...rows, ...waiting] };
};

/** What a release also reads: a pending request, and the list of failed purchases. */
export const leaving = (state: State, { holding }: { readonly holding: string }): Needs => {
  const number = state.get(numbers, holding);
  const isFailed = number?.source === "managed" && number.stage.status === "failed";
  const { rows = [] } = pendingRequest(state, { holding });
  return { rows: isFailed ? [...rows, ...TALLY_ROWS] : rows };
};

/** What a command reads that waits for a number's open charge: that of its next period. */
export const nextCharge = (state: State, { holding }: { readonly holding: string }): Needs => {
  const number = state.get(numbers, holding);
  return number?.source === "managed" ? { rows: [chargeRow(holding, nextPeriodOf(number))] } : {};
};

/** The pending release request of a number: any release of the number grants it. */
export const pendingRequest = (state: State, { holding }: { readonly holding: string }): Needs => {
  const request = state.get(numbers, holding)?.releaseRequest ?? null;
  return request === null ? {} : { rows: [{ kind: releaseRequests.kind, key: request }] };
};

/**
 * All numbers of the organization, their routes, and its own row: for decisions about all of them.
 */
export const ALL_NUMBERS = { rows: [SELF_ROW], kinds: [numbers.kind, routes.kind] };
