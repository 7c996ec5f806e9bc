/** What processes do that end in the middle of it; see `crash.test.ts`. */
import assert from "node:assert/strict";
import type { Ledger } from "../../adapters/ledger/mod.ts";
import { RECOVERY_BUDGET_MS } from "../../core/number/stage.ts";
import { DAY_MS } from "../../core/values/calendar.ts";
import { NUMBERS } from "../harness/arbitraries/contents.ts";
import { FAIR, type Weather } from "../properties/scripted-ports.ts";
import { callerOf, type Stage } from "../properties/runs.ts";

const ACME = callerOf("acme");
const [E164 = "+14155550101"] = NUMBERS;
const MONTH_MS = 32 * DAY_MS;

/** What a process does, in which weather, and what had happened before it began. */
export type Story = {
  readonly before?: (stage: Stage) => Promise<unknown>;
  readonly weather?: Partial<Weather>;
  readonly deed: (ledger: Ledger, stage: Stage) => Promise<unknown>;
  /** How long what it leaves behind rests before it is looked at. */
  readonly rests?: number;
};

const buy = (ledger: Ledger) => ledger.purchase(ACME, { e164: E164 });

const setGroup = (group: string) => ({ ledger }: Pick<Stage, "ledger">): Promise<unknown> =>
  ledger.operator.setRequirementGroup("acme", { country: "US", type: "local", group });

const idOf = async ({ ledger }: Stage): Promise<string> => {
  const [number] = await ledger.numbers.list(ACME);
  assert.ok(number !== undefined);
  return number.holding.id;
};

const grow = ({ clock }: Stage) => clock.set(clock.now() + MONTH_MS);

/** A number whose month is over. */
const grown = async (stage: Stage): Promise<void> => {
  await buy(stage.ledger);
  grow(stage);
};

/** A number whose month is over, and whose charge was taken without an answer. */
const charged = async (stage: Stage): Promise<void> => {
  await buy(stage.ledger);
  grow(stage);
  stage.outside.weather = { ...FAIR, payment: "answerLost" };
  await stage.ledger.work.run();
};

/** Two numbers, one of them imported, and a token. */
const furnish = async ({ ledger }: Stage): Promise<void> => {
  await buy(ledger);
  const sip = { installation: "sip_1", providerName: "Trunkline", trunk: "trunk_1", ready: true };
  await ledger.operator.installSipConnection("acme", sip);
  const via = { sipConnection: sip.installation };
  assert.ok((await ledger.import(ACME, { e164: "+4922812345678", via })).ok);
  await ledger.operator.issueToken("acme", {
    email: "alice@example.com",
    name: "Alice",
    sandbox: false,
  });
};

/** A purchase that the carrier has not confirmed. */
const waiting = ({ ledger, outside }: Stage): Promise<unknown> => {
  outside.weather = { ...FAIR, order: "waits" };
  return buy(ledger);
};

/** Cancels the purchase, and goes on when the world is well again. */
const cancelTwice = async (ledger: Ledger, stage: Stage): Promise<void> => {
  const { outside } = stage;
  const id = await idOf(stage);
  await ledger.release(ACME, id);
  outside.weather = { ...FAIR, order: outside.weather.order };
  await ledger.work.run();
  await ledger.release(ACME, id);
};

/** Gives the purchase up as Talkover does, and goes on when the world is well again. */
const requestTwice = async (ledger: Ledger, stage: Stage): Promise<void> => {
  const { outside } = stage;
  const input = { holding: await idOf(stage), reason: "No longer needed." };
  const ask = () => ledger.releaseRequests.request(ACME, input, { commandId: "request" });
  await ask();
  outside.weather = { ...FAIR, order: outside.weather.order };
  await ledger.work.run();
  await ask();
};

/** A number that is not paid for, and whose next charge will be taken. */
const suspended = async (stage: Stage, route: Weather["route"] = "changes"): Promise<void> => {
  await buy(stage.ledger);
  grow(stage);
  stage.outside.weather = { ...FAIR, payment: "declined", route };
  await stage.ledger.work.run();
  stage.clock.set(stage.clock.now() + DAY_MS - (route === "takenLate" ? 1 : 0));
  if (route !== "takenLate") return;
  // The suspension is sent again, and paid for a moment later.
  await stage.ledger.work.run();
  stage.clock.set(stage.clock.now() + 1);
};

/** The stories, by name. */
export const STORIES: Readonly<Record<string, Story>> = {
  "a purchase": { deed: buy },
  "a purchase whose order is answered by nothing": { weather: { order: "answerLost" }, deed: buy },
  "a purchase whose order is taken late": { weather: { order: "takenLate" }, deed: buy },
  "a purchase whose order comes into sight late": { weather: { order: "seenLate" }, deed: buy },
  "a purchase whose order is lost": { weather: { order: "orderLost" }, deed: buy },
  "a purchase that waits for a review, while another requirement group is set": {
    before: setGroup("rg_1"),
    weather: { order: "reviews" },
    deed: async (ledger, stage) => {
      await buy(ledger);
      await setGroup("rg_2")({ ledger });
      stage.outside.weather = FAIR;
      await ledger.work.run();
    },
  },
  "a purchase whose order is lost, while another requirement group is set": {
    before: setGroup("rg_1"),
    weather: { order: "orderLost" },
    deed: async (ledger) => {
      await buy(ledger);
      await setGroup("rg_2")({ ledger });
    },
  },
  "a purchase that the carrier refuses": { weather: { order: "refuses" }, deed: buy },
  "a purchase that is declined": { weather: { payment: "declined" }, deed: buy },
  "a purchase whose payment is unknown for longer than it may take": {
    before: async (stage) => {
      stage.outside.weather = { ...FAIR, payment: "answerLost" };
      await buy(stage.ledger);
      stage.clock.set(stage.clock.now() + RECOVERY_BUDGET_MS);
    },
    weather: { payment: "unknown" },
    deed: async (ledger, { outside }) => {
      await ledger.work.run();
      outside.weather = FAIR;
      await ledger.work.run();
    },
  },
  "a refund": {
    before: ({ ledger, outside }) => {
      outside.weather = { ...FAIR, order: "refuses" };
      return buy(ledger);
    },
    deed: (ledger) => ledger.work.run(),
  },
  "a renewal": {
    before: grown,
    deed: (ledger) => ledger.work.run(),
  },
  "a renewal that is declined": {
    before: grown,
    weather: { payment: "declined" },
    deed: (ledger) => ledger.work.run(),
  },
  "a cancellation": {
    before: waiting,
    weather: { order: "waits" },
    deed: async (ledger, stage) => ledger.release(ACME, await idOf(stage)),
  },
  "a cancellation whose answer is lost": {
    before: waiting,
    weather: { order: "waits", cancel: "answerLost" },
    deed: cancelTwice,
  },
  "a cancellation that the carrier declines": {
    before: waiting,
    weather: { order: "waits", cancel: "stays" },
    deed: cancelTwice,
  },
  "a cancellation that comes too late": {
    before: waiting,
    weather: { order: "confirms" },
    deed: async (ledger, stage) => ledger.release(ACME, await idOf(stage)),
  },
  "a cancellation of an order that was lost": {
    before: ({ ledger, outside }) => {
      outside.weather = { ...FAIR, order: "orderLost" };
      return buy(ledger);
    },
    deed: cancelTwice,
  },
  "a cancellation of an order that is taken late": {
    before: ({ ledger, outside }) => {
      outside.weather = { ...FAIR, order: "takenLate" };
      return buy(ledger);
    },
    deed: cancelTwice,
  },
  "a cancellation of a purchase whose payment is unknown": {
    before: ({ ledger, outside }) => {
      outside.weather = { ...FAIR, payment: "answerLost" };
      return buy(ledger);
    },
    weather: { payment: "unknown" },
    deed: cancelTwice,
    rests: RECOVERY_BUDGET_MS,
  },
  "a purchase whose release is asked for": {
    before: waiting,
    weather: { order: "waits" },
    deed: requestTwice,
  },
  "a purchase whose release is asked for, and its cancellation answered by nothing": {
    before: waiting,
    weather: { order: "waits", cancel: "answerLost" },
    deed: requestTwice,
  },
  "a purchase whose release is asked for too late": {
    before: waiting,
    weather: { order: "confirms" },
    deed: requestTwice,
  },
  "a purchase whose order was lost, and whose release is asked for": {
    before: ({ ledger, outside }) => {
      outside.weather = { ...FAIR, order: "orderLost" };
      return buy(ledger);
    },
    deed: requestTwice,
  },
  "a suspension whose answer is lost": {
    before: grown,
    weather: { payment: "declined", route: "answerLost" },
    deed: (ledger) => ledger.work.run(),
  },
  "a number that is reinstated": {
    before: suspended,
    deed: (ledger) => ledger.work.run(),
  },
  "a number that is reinstated while its suspension is under way": {
    before: (stage) => suspended(stage, "takenLate"),
    deed: (ledger) => ledger.work.run(),
  },
  "the closing of an organization": {
    before: furnish,
    deed: (ledger) => ledger.operator.close("acme"),
  },
  "the closing of an organization whose purchase cannot be cancelled yet": {
    before: waiting,
    weather: { order: "waits", cancel: "stays" },
    deed: (ledger) => ledger.operator.close("acme"),
  },
  "a release": {
    before: ({ ledger }) => buy(ledger),
    deed: async (ledger, stage) => ledger.release(ACME, await idOf(stage)),
  },
  "a release during a charge": {
    before: charged,
    deed: async (ledger, stage) => ledger.release(ACME, await idOf(stage)),
  },
  "a release during a charge that is declined then": {
    before: async (stage) => {
      await buy(stage.ledger);
      grow(stage);
      stage.outside.weather = { ...FAIR, payment: "unknown" };
      await stage.ledger.work.run();
    },
    weather: { payment: "declined" },
    deed: async (ledger, stage) => ledger.release(ACME, await idOf(stage)),
  },
};
