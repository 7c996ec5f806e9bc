import * as Effect from "effect/Effect";
import type { CarrierError, CarrierNumber, OrderWait } from "../../../core/ports/mod.ts";
import type { E164 } from "../../../core/values/e164.ts";
import { acceptedAs, type Call, type Client, isNotFound } from "./client.ts";
import { isTelnyxId, NumberAnswer, type NumberRow, NumbersAnswer } from "./schemas.ts";
import { malformed } from "./attempt-failure.ts";

/** A number by the id of its resource: what `/phone_numbers/{id}` takes, not an order item's id. */
type Named = { readonly carrierId: string; readonly e164: E164 };

/** A page of the account's numbers. */
type Page = { readonly numbers: readonly CarrierNumber[]; readonly next: string | null };

/** The numbers of the account. */
export type Numbers = {
  readonly find: (e164: E164) => Call<CarrierNumber | null>;
  /** All records that Telnyx has of this number, also of a deleted one. */
  readonly records: (e164: E164) => Call<readonly NumberRow[]>;
  /** The number, if this id names it. */
  readonly named: (number: Named) => Call<KeptNumber | null>;
  readonly page: (after: string | null) => Call<Page>;
  readonly has: (number: Named) => Call<boolean>;
  readonly connect: (number: Named, connectionId: string) => Call<"connected" | "gone">;
  readonly release: (number: Named) => Call<"released" | "gone">;
};

const PATH = "/phone_numbers";
const PAGE_SIZE = 250;
const PAGE_NUMBER = /^[1-9]\d{0,8}$/;

/** A number of the account, and what it waits for there. */
export type KeptNumber = CarrierNumber & { readonly waitsFor?: OrderWait };

/** The number, unless it no longer exists. */
export const keptOf = (row: NumberRow | null): KeptNumber | null => {
  if (row === null) return null;
  const { status } = row;
  return status === "gone" ? null : { ...row, status };
};

const keptAmong = (rows: readonly (NumberRow | null)[]): readonly CarrierNumber[] =>
  rows.map(keptOf)
    .filter((number) => number !== null)
    .map(({ waitsFor: _order, ...number }) => number);

// In the order in which they were bought, so that one bought meanwhile comes last.
const listQuery = (number: number, filter: string | undefined) => ({
  "page[number]": number,
  "page[size]": PAGE_SIZE,
  sort: "purchased_at",
  "filter[phone_number]": filter,
});

/** The numbers of the client's account. */
export const openNumbers = ({ send }: Client): Numbers => {
  const list = Effect.fnUntraced(function* (number: number, filter?: string) {
    const reply = yield* send({
      method: "GET",
      path: PATH,
      query: listQuery(number, filter),
    });
    return yield* acceptedAs(NumbersAnswer, reply, "to a look at the numbers");
  });

  /** The number, if the id still names it: a call never acts on any other number. */
  const own = Effect.fnUntraced(function* ({ carrierId, e164 }: Named) {
    if (!isTelnyxId(carrierId)) return null;
    const reply = yield* send({ method: "GET", path: `${PATH}/${carrierId}` });
    if (isNotFound(reply)) return null;
    const { data } = yield* acceptedAs(NumberAnswer, reply, "to a look at a number");
    if (data.carrierId !== carrierId) return yield* Effect.fail(malformed("about another number"));
    return data.e164 === e164 ? keptOf(data) : null;
  });

  /** Changes the number; null where it no longer exists. */
  const change = Effect.fnUntraced(function* (
    named: Named,
    request: { readonly method: "PATCH" | "DELETE"; readonly body?: unknown },
  ): Effect.fn.Return<NumberRow | null, CarrierError> {
    if ((yield* own(named)) === null) return null;
    const reply = yield* send({ ...request, path: `${PATH}/${named.carrierId}` });
    if (isNotFound(reply)) return null;
    const { data } = yield* acceptedAs(NumberAnswer, reply, "to a change of a number");
    return data.e164 === named.e164 ? data : yield* Effect.fail(malformed("about another number"));
  });

  const records = Effect.fnUntraced(function* (e164: E164) {
    // The filter takes digits only, and may find other numbers too.
    const { data } = yield* list(1, e164.slice(1));
    return data.filter((row) => row !== null).filter((row) => row.e164 === e164);
  });

  return {
    find: (e164) => Effect.map(records(e164), (rows) => keptAmong(rows)[0] ?? null),
    records,
    named: own,
    page: Effect.fnUntraced(function* (after) {
      const number = after ?? "1";
      if (!PAGE_NUMBER.test(number)) {
        throw new Error(`There is no page ${number} of the numbers at Telnyx`);
      }
      const { data, meta } = yield* list(Number(number));
      const isLast = Number(number) >= meta.total_pages;
      // Taken for the end, it would make existing numbers look lost.
      if (data.length === 0 && !isLast) {
        return yield* Effect.fail(malformed("about the numbers: an empty page before the last"));
      }
      return { numbers: keptAmong(data), next: isLast ? null : String(Number(number) + 1) };
    }),
    has: (named) => Effect.map(own(named), (number) => number !== null),
    connect: Effect.fnUntraced(function* (named, connectionId) {
      const changed = yield* change(named, {
        method: "PATCH",
        body: { connection_id: connectionId },
      });
      if (changed === null) return "gone";
      if (changed.connectionId === connectionId) return "connected";
      return yield* Effect.fail(malformed("to a change of a connection"));
    }),
    release: (named) =>
      Effect.map(change(named, { method: "DELETE" }), (row) => row === null ? "gone" : "released"),
  };
};
