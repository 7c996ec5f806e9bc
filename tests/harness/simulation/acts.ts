/** What users, the operator and the world do in a simulated run. */
import { installTrunk } from "../sip.ts";
import type { Caller, Ledger } from "../../../adapters/ledger/mod.ts";
import {
  DAY_MS,
  HOUR_MS,
  type Milliseconds,
  MINUTE_MS,
  SECOND_MS,
} from "../../../core/values/calendar.ts";
import type { E164 } from "../../../core/values/e164.ts";
import { money } from "../../../core/values/money.ts";
import { attested } from "../story/mod.ts";
import { ASSISTANTS, PLANS } from "../arbitraries/contents.ts";
import { FOR_SALE } from "./inventory.ts";
import { demand } from "./checker.ts";
import type { Stage } from "./stage.ts";

export const ORGANIZATIONS = ["acme", "umbrella", "initech"] as const;

/** A purchase that was asked for, so that it can be asked for again. */
type Purchase = { readonly by: string; readonly e164: E164; readonly commandId: string };

/** What a run has done so far. */
export type Story = {
  readonly stage: Stage;
  readonly purchases: Purchase[];
  /** Whether it is about numbers that are suspended and reinstated, and little else. */
  readonly flaps: boolean;
  commands: number;
};

export const callerOf = (organization: string): Caller => ({
  organization,
  actor: { kind: "user", tokenId: "tk_1", email: "alice@example.com", name: "Alice Johnson" },
});

const numbered = (story: Story, what: string): string => `${what} ${++story.commands}`;

/** Buys a number, and says whether it got it; the same command again gives the same number. */
export const buy = async (story: Story, { by, e164, commandId }: Purchase): Promise<boolean> => {
  const bought = await story.stage.tell(
    "purchase",
    (ledger) => ledger.purchase(callerOf(by), { e164, assistant: null }, { commandId }),
  );
  if (bought === null) return false;
  const { e164: got } = bought.number.holding;
  demand(got === e164, "command once", () => `${commandId} asked for ${e164} and got ${got}`);
  return true;
};

type Act = (story: Story, by: string) => Promise<void>;

/** Buys a number that may not have been offered yet. */
const buyAny: Act = async (story, by) => {
  const e164 = story.stage.tape.one(FOR_SALE);
  const purchase = { by, e164, commandId: numbered(story, "purchase") };
  story.purchases.push(purchase);
  await buy(story, purchase);
};

/** Does something with one of the organization's numbers; buys one where there are none. */
const withNumber =
  (perform: (story: Story, caller: Caller, id: string) => Promise<unknown>): Act =>
  async (story, by) => {
    const { stage } = story;
    const all = await stage.call((ledger) => ledger.numbers.list(callerOf(by)));
    const number = all?.[stage.tape.below(all.length)];
    if (number === undefined) return buyAny(story, by);
    await perform(story, callerOf(by), number.holding.id);
  };

/** Releases a number of the organization. */
export const release: Act = withNumber((story, caller, id) =>
  story.stage.tell("release", (ledger) => ledger.release(caller, id))
);

/** Submits a verification. */
export const submit = async (story: Story, by: string): Promise<void> => {
  await story.stage.tell(
    "submit",
    (ledger) => ledger.verification.submit(callerOf(by), attested()),
  );
};

/** Reviews what the organization submitted last. */
export const review = async (
  story: Story,
  by: string,
  kind: "approve" | "reject" | "revoke",
): Promise<void> => {
  const view = await story.stage.call((ledger) => ledger.verification.get(callerOf(by)));
  const id = view?.submission?.id ?? "vs_none";
  const answer = kind === "approve" ? { kind } : { kind, reason: "No." };
  await story.stage.tell("review", (ledger) => ledger.operator.review(id, answer));
};

/** Adds credits. */
export const addCredits = async (story: Story, by: string, micros: number): Promise<void> => {
  const commandId = numbered(story, "credits");
  const amount = { amount: money(micros) };
  story.stage.checker.asksForCredits(by);
  const add = (ledger: Ledger) => ledger.operator.addCredits(by, amount, { commandId });
  await story.stage.tell("credits", add);
  // A caller without an answer asks again; see the rule "command once".
  if (story.stage.tape.chance(300)) await story.stage.tell("credits", add);
};

/** Puts the organization on a plan. */
export const putOn = async (story: Story, by: string, plan: string): Promise<void> => {
  await story.stage.tell("plan", (ledger) => ledger.operator.open(by, { name: by, plan }));
};

/** Asks for a release, and has the request answered. */
export const requestRelease: Act = withNumber(async (story, caller, holding) => {
  const input = { holding, reason: "moving" };
  const request = await story.stage.tell(
    "release request",
    (ledger) => ledger.releaseRequests.request(caller, input),
  );
  if (request === null) return;
  const kind = story.stage.tape.one(["approve", "reject", "cancel"] as const);
  await story.stage.tell<unknown>(`release request ${kind}`, (ledger) => {
    if (kind === "cancel") return ledger.releaseRequests.cancel(caller, request.id);
    const answer = kind === "approve" ? { kind } : { kind, reason: "No." };
    return ledger.operator.resolveReleaseRequest(request.id, answer);
  });
});

/** Searches for numbers. */
export const search: Act = async (story, by) => {
  const filters = { country: "US", type: "local" as const, limit: 10 };
  await story.stage.tell("search", (ledger) => ledger.search(callerOf(by), filters));
};

/** Imports a number over a SIP trunk. */
const importNumber: Act = async (story, by) => {
  const input = { e164: story.stage.tape.one(FOR_SALE), via: { sipTrunk: "trunk" } };
  const commandId = numbered(story, "import");
  await story.stage.tell("install", (ledger) => installTrunk(ledger, by, "trunk"));
  await story.stage.tell("import", (ledger) => ledger.import(callerOf(by), input, { commandId }));
};

/** Has the numbers of the organization suspended, for the verification that its plan asks for. */
const suspend: Act = (story, by) => review(story, by, "revoke");

/** Has them reinstated. */
const reinstate: Act = async (story, by) => {
  await submit(story, by);
  await review(story, by, "approve");
};

/** Gives the organization a number that can be suspended. */
export const beginFlaps: Act = async (story, by) => {
  await putOn(story, by, "Prepaid");
  await reinstate(story, by);
  await buyAny(story, by);
};

/** Several callers of the organization want something at the same time. */
const crowd: Act = async (story, by) => {
  const { tape } = story.stage;
  const acts = Array.from({ length: 3 + tape.below(4) }, () => tape.one([buyAny, search, release]));
  await Promise.all(acts.map((perform) => perform(story, by)));
};

/** What may be done, with its weight. */
const ACTS: readonly (readonly [number, Act])[] = [
  [14, buyAny],
  [4, async (story) => {
    const again = story.purchases[story.stage.tape.below(story.purchases.length)];
    if (again !== undefined) await buy(story, again);
  }],
  [6, release],
  [3, requestRelease],
  [3, (story, by) => putOn(story, by, story.stage.tape.one(PLANS))],
  [3, (story, by) => addCredits(story, by, story.stage.tape.one([2_000_000, 10_000_000]))],
  [3, search],
  [
    3,
    withNumber(({ stage }, caller, id) => {
      const on = stage.tape.chance(300);
      return stage.call((ledger) => ledger.setAutoRenewal(caller, id, on));
    }),
  ],
  [
    2,
    withNumber(({ stage }, caller, id) => {
      const assistant = stage.tape.one(ASSISTANTS);
      return stage.call((ledger) => ledger.assign(caller, assistant, [id]));
    }),
  ],
  [2, importNumber],
  [3, crowd],
  [4, submit],
  [3, (story, by) => review(story, by, story.stage.tape.one(["approve", "reject", "revoke"]))],
];

/** What may be done in a run of suspensions. */
const FLAPS: typeof ACTS = [
  [4, suspend],
  [5, reinstate],
  [1, buyAny],
  [1, release],
];

/** One act, as the tape has it. */
export const act: Act = async (story, by) => {
  const acts = story.flaps ? FLAPS : ACTS;
  let place = story.stage.tape.below(acts.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, perform] of acts) {
    if (place < weight) return perform(story, by);
    place -= weight;
  }
};

/** Spans of time that a run lets pass in one step: often just what a rule waits for. */
export const PAUSES: readonly [Milliseconds, ...Milliseconds[]] = [
  SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  31 * MINUTE_MS,
  HOUR_MS,
  DAY_MS,
  5 * DAY_MS,
  7 * DAY_MS,
  28 * DAY_MS,
  31 * DAY_MS,
];
