/** The suite finds each carrier adapter that reads a failure of its transport wrongly. */
import { describe } from "node:test";
import { openSandboxCarrier } from "../../../adapters/carrier/sandbox/carrier.ts";
import { openTestClock } from "../../../adapters/clock/test.ts";
import type { CarrierError } from "../../../core/ports/mod.ts";
import { failed, ok, type Result } from "../../../core/values/result.ts";
import { sandboxSubject } from "../../contract/carrier/sandbox.ts";
import { carrierContract } from "../contract/carrier.ts";
import type { TransportFault } from "../contract/transport.ts";
import type { CarrierCallName } from "../faulty-carrier.ts";
import { HONEST, NEVER, openRemoteCarrier, type Reading, SECRET } from "./remote-carrier.ts";
import { findsOut, type Planted } from "./support.ts";

const error = (kind: CarrierError["kind"], message = "The remote carrier failed.") =>
  failed<CarrierError>({ kind, message });

/** Reads these faults of these calls as given; all others as a good adapter does. */
const reading = (
  faults: readonly TransportFault[],
  calls: readonly CarrierCallName[],
  answer: () => Result<unknown, CarrierError> | typeof NEVER,
) =>
({ read }: Reading): Reading => ({
  read: (fault, call) =>
    faults.includes(fault) && calls.includes(call) ? answer() : read(fault, call),
});

const LOST = ["lostBefore", "lostAfter"] as const;
const ANY = ["noConnection", ...LOST, "status429", "slow", "garbage", "status500"] as const;
const ILL = ["status429", "slow", "garbage", "status500"] as const;

const nothing = () => ok(null);

const READINGS: Planted<Reading> = {
  // The order: an unrecorded number is paid for, or a number is recorded as bought that was not.
  "calls an order whose time is out unreachable": reading(
    ["slow"],
    ["order"],
    () => error("unreachable"),
  ),
  "calls an order whose connection broke unreachable": reading(
    LOST,
    ["order"],
    () => error("unreachable"),
  ),
  "calls an order that a server failed at unreachable": reading(
    ["status500"],
    ["order"],
    () => error("unreachable"),
  ),
  "takes a failed server for a no to the order": reading(
    ["status500"],
    ["order"],
    () => error("refused"),
  ),
  "takes a failed server for a failed order": reading(
    ["status500"],
    ["order"],
    () => ok({ status: "failed", reason: "refused", message: "The server failed." }),
  ),
  "takes an answer that it cannot read for a sold number": reading(
    ["garbage"],
    ["order"],
    () => ok({ status: "failed", reason: "notAvailable", message: "It is sold." }),
  ),
  "takes status 200 for an order that is taken, whatever it says": reading(
    ["garbage"],
    ["order"],
    () => ok({ status: "pending" }),
  ),
  "takes too many requests for a no": reading(["status429"], ["order"], () => error("refused")),
  "takes an order for taken that was lost on its way": reading(
    ["lostBefore"],
    ["order"],
    () => ok({ status: "pending" }),
  ),
  "waits forever for the answer to an order": reading(["slow"], ["order"], () => NEVER),
  "throws when the connection to an order breaks": reading(LOST, ["order"], () => {
    throw new TypeError("fetch failed");
  }),
  "quotes its key in a message": reading(
    LOST,
    ["order"],
    () => error("unknown", `POST with Authorization: Bearer ${SECRET} failed`),
  ),
  // Queries: a failure is taken for "none", and a paid number is given up.
  "finds no order when the look-up fails": reading(ANY, ["findOrder"], nothing),
  "finds no order when the look-up cannot be read": reading(["garbage"], ["findOrder"], nothing),
  "finds no number when the look-up is slow": reading(["slow"], ["findNumber"], nothing),
  "ends its inventory where a page fails": reading(
    ["status500"],
    ["inventory"],
    () => ok({ numbers: [], next: null }),
  ),
  "has no number when it cannot ask": reading(["noConnection"], ["has"], () => ok(false)),
  "offers no number when the quote fails": reading(ILL, ["quote"], nothing),
  "finds nothing when the answer to a search cannot be read": reading(
    ["garbage"],
    ["search"],
    () => ok([]),
  ),
  "calls a search refused that was one too many": reading(
    ["status429"],
    ["search"],
    () => error("refused"),
  ),
  "calls a question unreachable that was answered too late": reading(
    ["slow"],
    ["findOrder"],
    () => error("unreachable"),
  ),
  "waits forever for its inventory": reading(["slow"], ["inventory"], () => NEVER),
  // Changes: a number is paid for without end, or believed to ring where it does not.
  "says that it released what was lost on its way": reading(
    LOST,
    ["release"],
    () => ok("released"),
  ),
  "takes too many requests for a number that was released": reading(
    ["status429"],
    ["release"],
    () => ok("gone"),
  ),
  "calls a release unreachable whose answer is lost": reading(
    ["lostAfter"],
    ["release"],
    () => error("unreachable"),
  ),
  "takes a failed server for a no to the release": reading(
    ["status500"],
    ["release"],
    () => error("refused"),
  ),
  "says that it connected what was lost on its way": reading(
    ["lostBefore"],
    ["connect"],
    () => ok("connected"),
  ),
  "takes a slow change for a number that was released": reading(
    ["slow"],
    ["connect"],
    () => ok("gone"),
  ),
};

describe("the contract of carriers whose transport fails", () => {
  findsOut(READINGS, (runner, plant) =>
    carrierContract(runner, "planted", () => {
      const clock = openTestClock(0);
      const { carrier, faults } = openRemoteCarrier(openSandboxCarrier({ clock }), plant(HONEST));
      return Promise.resolve({ ...sandboxSubject(carrier, clock), faults });
    }));
});
