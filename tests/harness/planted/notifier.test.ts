/** The suite passes a notifier that keeps its word, and finds each that does not. */
import { describe } from "node:test";
import type { Notifier } from "../../../core/ports.ts";
import { failed, ok } from "../../../core/values/result.ts";
import { notifierContract, type Receiver } from "../contract/notifier.ts";
import { findsOut, type Planted } from "./support.ts";

const notifierFor = (receiver: Receiver): Notifier => ({
  announce: ({ id }) =>
    Promise.resolve(
      receiver === "accepts"
        ? ok({ jobId: `job_${id}` })
        : failed({ message: "the reviewers could not be told" }),
    ),
});

const NOTIFIERS: Planted<Notifier> = {
  "makes a new job each time": ({ announce }) => {
    let jobs = 0;
    return {
      announce: async (submission) => {
        const told = await announce(submission);
        return told.ok ? ok({ jobId: `job_${++jobs}` }) : told;
      },
    };
  },
  "takes silence for a yes": () => ({ announce: ({ id }) => Promise.resolve(ok({ jobId: id })) }),
  "tells the secret address": ({ announce }) => ({
    announce: async (submission) => {
      const told = await announce(submission);
      return told.ok ? told : failed({ message: "https://hooks.example/secret did not answer" });
    },
  }),
  "throws": () => ({ announce: () => Promise.reject(new Error("the line broke")) }),
};

describe("the contract of notifiers", () => {
  findsOut(
    NOTIFIERS,
    (runner, plant) =>
      notifierContract(runner, "planted", (receiver) =>
        Promise.resolve({
          notifier: plant(notifierFor(receiver)),
          close: () => Promise.resolve(),
        })),
  );
});
