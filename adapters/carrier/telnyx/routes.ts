/** What a number of the account is attached to: a connection for calls, a profile for messages. */
import * as Effect from "effect/Effect";
import type { CarrierNumber, CarrierRoute } from "../../../core/ports/mod.ts";
import { acceptedAs, type Call, type Client, isNotFound } from "./client.ts";
import type { Numbers } from "./numbers.ts";
import { MessagingAnswer, NumberAnswer } from "./schemas.ts";
import { malformed, uncertain } from "./attempt-failure.ts";

type Named = Parameters<Numbers["named"]>[0];

/** Detaches and attaches routes. */
export type Routes = {
  readonly suspend: (number: Named) => Call<"suspended" | "gone">;
  readonly resume: (number: Named, route: CarrierRoute) => Call<"resumed" | "gone">;
};

/** Values that may remove a connection. The documentation gives none; `""` removes a profile. */
const NO_CONNECTION = ["", null] as const;

const DETACHING = "to taking a connection off";
const ATTACHING = "to a change of a connection";
const MESSAGING = "to a change of a messaging profile";

const unreadable = uncertain("Telnyx does not tell the number's messaging profile now.");

/** Null where it is refused. */
const unlessRefused = <Value>(tried: Call<Value>): Call<Value | null> =>
  tried.pipe(
    Effect.catch((error) => error.kind === "refused" ? Effect.succeed(null) : Effect.fail(error)),
  );

/** The routes of the client's account; each change is verified in its answer. */
export const openRoutes = ({ send }: Client, numbers: Pick<Numbers, "named">): Routes => {
  const patch = (path: string, body: unknown) => send({ method: "PATCH", path, body });

  /** The connection after the change; `gone` where the number no longer exists. */
  const connect = Effect.fnUntraced(function* (named: Named, id: string | null, what: string) {
    const reply = yield* patch(`/phone_numbers/${named.carrierId}`, { connection_id: id });
    if (isNotFound(reply)) return "gone" as const;
    const { data } = yield* acceptedAs(NumberAnswer, reply, what);
    if (data.e164 !== named.e164) return yield* Effect.fail(malformed("about another number"));
    return { connectionId: data.connectionId };
  });

  const disconnect = Effect.fnUntraced(function* (named: Named) {
    const last = NO_CONNECTION.length - 1;
    for (const [place, none] of NO_CONNECTION.entries()) {
      const tried = connect(named, none, DETACHING);
      // A value that does not remove it is refused, or changes nothing.
      const changed = yield* place === last ? tried : unlessRefused(tried);
      if (changed === "gone" || changed?.connectionId === null) return changed;
    }
    return yield* Effect.fail(malformed(DETACHING));
  });

  /** `""` removes the profile, as documented. */
  const setProfile = Effect.fnUntraced(function* (named: Named, id: string) {
    const path = `/phone_numbers/${named.carrierId}/messaging`;
    const reply = yield* patch(path, { messaging_profile_id: id });
    if (isNotFound(reply)) return "gone" as const;
    const { data } = yield* acceptedAs(MessagingAnswer, reply, MESSAGING);
    const isSet = data.phone_number === named.e164 && (data.messaging_profile_id ?? "") === id;
    return isSet ? null : yield* Effect.fail(malformed(MESSAGING));
  });

  const detach = Effect.fnUntraced(function* (named: Named, number: CarrierNumber) {
    const { connectionId, messagingProfileId } = number;
    if (connectionId !== null && (yield* disconnect(named)) === "gone") return "gone";
    if (messagingProfileId === undefined) return yield* Effect.fail(unreadable);
    if (messagingProfileId !== null && (yield* setProfile(named, "")) === "gone") return "gone";
    return "suspended";
  });

  const attach = Effect.fnUntraced(function* (
    named: Named,
    number: CarrierNumber,
    { connectionId, messagingProfileId }: CarrierRoute,
  ) {
    if (connectionId !== null && number.connectionId !== connectionId) {
      const changed = yield* connect(named, connectionId, ATTACHING);
      if (changed === "gone") return "gone";
      if (changed.connectionId !== connectionId) return yield* Effect.fail(malformed(ATTACHING));
    }
    const isOther = number.messagingProfileId !== messagingProfileId;
    if (messagingProfileId === null || !isOther) return "resumed";
    return (yield* setProfile(named, messagingProfileId)) ?? "resumed";
  });

  return {
    suspend: Effect.fnUntraced(function* (named) {
      const number = yield* numbers.named(named);
      return number === null ? "gone" : yield* detach(named, number);
    }),
    resume: Effect.fnUntraced(function* (named, route) {
      const number = yield* numbers.named(named);
      return number === null ? "gone" : yield* attach(named, number, route);
    }),
  };
};
