/** Carrier connections that the operator lets an organization send its numbers' calls to. */
import { type Handler, NOTHING } from "../log/decision.ts";
import type { Refused } from "../log/decision.ts";
import type { FactOf } from "../events/vocabulary.ts";
import type { Subject } from "../log/state.ts";
import { failed, ok } from "../values/result.ts";
import { unreachable } from "../values/unreachable.ts";
import { type IdUnfit, unfitNewId } from "./ids.ts";
import { type OrganizationUnknown, self, SELF_ROW, unknownOrganization } from "./refusals.ts";

/** A connection at the carrier, with what the operator calls it. */
export type Connection = { readonly id: string; readonly label: string };

type ConnectionType = "ConnectionRegistered" | "ConnectionRemoved";

const idOf = ({ data }: FactOf<ConnectionType>): readonly string[] => [data.connection];

/** The connections of an organization, by the carrier's id. */
export const connections: Subject<Connection, ConnectionType> = {
  kind: "connection",
  keys: { ConnectionRegistered: idOf, ConnectionRemoved: idOf },
  evolve: (_row, event) => {
    switch (event.type) {
      case "ConnectionRegistered":
        return { id: event.data.connection, label: event.data.label };
      case "ConnectionRemoved":
        return undefined;
      default:
        return unreachable(event);
    }
  },
};

/** The connection's row, for `needs`. */
export const connectionRow = (key: string) => ({ kind: connections.kind, key });

/** The operator has not registered this connection for the organization. */
export type ConnectionUnknown = Refused<"CONNECTION_UNKNOWN">;

/** The refusal of a connection that is not the organization's. */
export const unknownConnection = failed<ConnectionUnknown>({
  code: "CONNECTION_UNKNOWN",
  message:
    "The connection is not registered for the organization; leave it out, or have the operator " +
    "register it.",
});

/** Lets the organization use a connection of the carrier, or gives it another label. */
export type RegisterConnection = {
  readonly type: "RegisterConnection";
  readonly connection: string;
  readonly label: string;
};

/** Refused for an unknown organization and an unfit new id; the same again changes nothing. */
export const registerConnection: Handler<RegisterConnection, OrganizationUnknown | IdUnfit> = {
  needs: ({ connection }) => ({ rows: [SELF_ROW, connectionRow(connection)] }),
  decide: (state, { type: _type, ...data }) => {
    if (self(state) === undefined) return unknownOrganization;
    const known = state.get(connections, data.connection);
    const unfit = unfitNewId("The connection's id", data.connection, () => known !== undefined);
    if (unfit !== null) return unfit;
    const same = known?.label === data.label;
    return ok(same ? NOTHING : [{ type: "ConnectionRegistered", data }]);
  },
};

/** Removes a connection: no further number can use it; those on it stay. */
export type RemoveConnection = { readonly type: "RemoveConnection"; readonly connection: string };

/** Refused for a connection that is not registered. */
export const removeConnection: Handler<RemoveConnection, ConnectionUnknown> = {
  needs: ({ connection }) => ({ rows: [connectionRow(connection)] }),
  decide: (state, { connection }) =>
    state.get(connections, connection) === undefined
      ? unknownConnection
      : ok([{ type: "ConnectionRemoved", data: { connection } }]),
};
