/** One simulated run: organizations act for a while in bad weather, then the world recovers. */
import { DAY_MS, type Instant } from "../../../core/values/calendar.ts";
import { PLANS } from "../arbitraries/contents.ts";
import {
  act,
  addCredits,
  beginFlaps,
  ORGANIZATIONS,
  PAUSES,
  putOn,
  review,
  type Story,
  submit,
} from "./acts.ts";
import { FOR_SALE } from "./inventory.ts";
import type { Outside } from "./process.ts";
import { reconcile, Stage } from "./stage.ts";
import { Tape } from "./tape.ts";

/** Changes what the ledgers of one run see of their ports: how a fault is planted. */
export type Plant = () => (outside: Outside) => Outside;

/** Nothing is planted. */
export const NO_PLANT: Plant = () => (outside) => outside;

/** Called with what happens in a run, and when: faults, crashes, events, answers. */
export type Note = (what: string, at: Instant) => void;

/** The first organization does the most, so that much happens in it. */
const ACTIVE = [ORGANIZATIONS[0], ...ORGANIZATIONS] as const;
const MOST_ACTS = 24;

/** Opens the organizations in calm weather, with credits and an approved verification. */
const settleIn = async (story: Story): Promise<void> => {
  const { stage } = story;
  for (const organization of ORGANIZATIONS) {
    await stage.perform(putOn(story, organization, stage.tape.one(PLANS)));
    await stage.perform(addCredits(story, organization, 6_000_000));
    if (stage.tape.chance(300)) continue;
    await stage.perform(submit(story, organization));
    await stage.perform(review(story, organization, "approve"));
  }
};

/** One step of a run: a user acts, or time passes. */
const step = async (story: Story): Promise<void> => {
  const { stage } = story;
  const { tape } = stage;
  stage.setClock();
  if (stage.weather.strikes("sold in between")) {
    stage.carrier.sellToStranger(tape.one(FOR_SALE), stage.timeline.now + tape.below(30 * DAY_MS));
  }
  if (stage.reconciles && stage.weather.strikes("number lost")) stage.carrier.lose();
  if (stage.reconciles && stage.weather.strikes("route moved")) stage.carrier.move();
  if (stage.reconciles && tape.chance(100)) {
    await stage.perform(stage.tell("reconciliation", reconcile));
  }
  if (tape.chance(300)) await stage.pass(tape.one(PAUSES));
  else {
    const by = story.flaps ? ORGANIZATIONS[0] : tape.one(ACTIVE);
    await stage.perform(act(story, by), tape.chance(400));
  }
};

/** Performs the run of a tape. Throws a `Violation` when a rule is broken, or any other error. */
export const simulate = async (
  values: readonly number[],
  note: Note = () => {},
  plant: Plant = NO_PLANT,
): Promise<void> => {
  const tape = new Tape(values);
  const processes = 1 + tape.below(3);
  const reconciles = tape.chance(250);
  const stage = new Stage(tape, {
    processes,
    reconciles,
    plant: plant(),
    crashesAt: null,
    downMs: null,
    note,
  });
  const story: Story = { stage, purchases: [], flaps: tape.chance(200), commands: 0 };
  await settleIn(story);
  if (story.flaps) await stage.perform(beginFlaps(story, ORGANIZATIONS[0]));
  stage.weather.calm = false;
  for (let left = tape.below(MOST_ACTS); left > 0; left--) await step(story);
  await stage.heal();
};
