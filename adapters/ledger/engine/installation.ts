/** Which installation this ledger is. */
import * as Effect from "effect/Effect";
import {
  INSTALLATION,
  installations,
  type NameInstallation,
  orderKeyOf,
} from "../../../core/reconciliation/installation.ts";
import { RECONCILIATIONS } from "../../../core/reconciliation/state.ts";
import { type Actor, automation, OPERATOR } from "../../../core/values/identity.ts";
import { execute } from "./execute.ts";
import { read } from "./reading.ts";
import { Ports } from "./services.ts";

const NEEDS = { rows: [{ kind: installations.kind, key: INSTALLATION }] };

const stored = Effect.map(
  Effect.suspend(() => read(RECONCILIATIONS, NEEDS)),
  ({ state }) => state.get(installations, INSTALLATION)?.id,
);

const name = Effect.fnUntraced(function* (
  command: Omit<NameInstallation, "type" | "installation">,
  actor: Actor,
) {
  const { ids } = yield* Ports;
  const installation = ids.next("in");
  yield* execute({
    organization: RECONCILIATIONS,
    actor,
    command: { type: "NameInstallation", installation, ...command },
  });
  const id = yield* stored;
  if (id === undefined) throw new Error("The installation has no id");
  return id;
});

/** Names a log that has no name yet; another process may be faster, whose name it then has. */
const nameFirst = name({ isCopy: false }, automation("reconciling"));

/** Gives a log a new name beside the one that it has from its original. */
const nameCopy = name({ isCopy: true }, OPERATOR);

/**
 * The id of this installation. It is made once in the lifetime of a log and is in the log itself,
 * so that a restored backup has the id it had.
 */
export const installationId: Effect.Effect<string, never, Ports> = Effect.gen(function* () {
  const { known } = yield* Ports;
  if (known.installation !== null) return known.installation;
  const id = (yield* stored) ?? (yield* nameFirst);
  known.installation = id;
  return id;
});

/** Gives a log that was copied a new id; what the other one orders is foreign to it then. */
export const renewInstallation: Effect.Effect<string, never, Ports> = Effect.gen(function* () {
  const { known } = yield* Ports;
  return known.installation = yield* nameCopy;
});

/** A key for an order that no other order has, of whatever installation. */
export const newOrderKey: Effect.Effect<string, never, Ports> = Effect.gen(function* () {
  const { ids } = yield* Ports;
  return orderKeyOf(yield* installationId, ids.next("od"));
});
