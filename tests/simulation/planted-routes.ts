/** Mistakes in suspending and resuming numbers at the carrier, each of which must be found. */
import type { Whole } from "../../adapters/validation/optional.ts";
import type { CarrierRoute } from "../../core/ports/mod.ts";
import { ok } from "../../core/values/result.ts";
import type { Plant } from "../harness/simulation/simulated-run.ts";
import type { Outside } from "../harness/simulation/process.ts";

/** Intercepts some calls of some ports. */
export const changing =
  (change: (outside: Outside) => Partial<Outside>): Plant => () => (outside) => ({
    ...outside,
    ...change(outside),
  });

/** Intercepts some calls of the carrier. */
export const carrier = (
  change: (carrier: Outside["carrier"]) => Partial<Outside["carrier"]>,
): Plant =>
  changing((outside) => ({ carrier: { ...outside.carrier, ...change(outside.carrier) } }));

type Able = Whole<Outside["carrier"]>;

/** The same for what suspends and resumes. */
const routing = (
  change: (carrier: Able) => Partial<Pick<Able, "suspend" | "resume">>,
): Plant => carrier((given) => change(given as Able));

const NOWHERE: CarrierRoute = { connectionId: null, messagingProfileId: null };

/** Leaves out what is due of an automation. */
const forgetting = (name: string): Plant =>
  changing(({ log }) => ({
    log: {
      ...log,
      due: async (...input) =>
        (await log.due(...input)).filter(({ automation }) => automation !== name),
    },
  }));

/** The planted mistakes by what is wrong. */
export const PLANTED_IN_ROUTES: Readonly<Record<string, Plant>> = {
  "never suspends a number at the carrier": routing(() => ({
    suspend: async () => ok("suspended"),
  })),

  "never resumes a number that was suspended": routing(() => ({
    resume: async () => ok("resumed"),
  })),

  "suspends another number": routing(({ suspend, inventory }) => ({
    suspend: async (number) => {
      const page = await inventory(null);
      const all = page.ok ? page.value.numbers : [];
      const others = all.filter(({ carrierId }) => carrierId !== number.carrierId);
      return suspend(others[others.length - 1] ?? number);
    },
  })),

  "takes a lost answer to a suspension for a yes": routing(({ suspend }) => ({
    suspend: async (number) => {
      const done = await suspend(number);
      return done.ok ? done : ok("suspended");
    },
  })),

  "takes a lost answer to a resumption for a yes": routing(({ resume }) => ({
    resume: async (...input) => {
      const done = await resume(...input);
      return done.ok ? done : ok("resumed");
    },
  })),

  "forgets what a number was attached to": routing(({ resume }) => ({
    resume: (number) => resume(number, NOWHERE),
  })),

  "forgets a suspension that is not done immediately": forgetting("routes"),
};
