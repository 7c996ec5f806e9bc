/** The suite passes a notifier that fulfils its port, and finds each that does not. */
import { describe } from "node:test";
import type { Notifier } from "../../../core/ports/mod.ts";
import { failed, ok } from "../../../core/values/result.ts";
import { type Delivery, notifierContract, type Receiver } from "../contract/notifier.ts";
import { findsOut, type Planted } from "./support.ts";

type Submission = Parameters<Notifier["announce"]>[0];

/** The result of sending a notice: nothing, where there is no answer. */
type Came = Exclude<Receiver, "isSilent"> | "timeIsOut" | "never";

const SECRET = "whsec_of_the_receiver";
const ADDRESS = "https://hooks.example/path_that_nobody_knows";

// One that answers does so immediately.
const PATIENCE_MS = 500;

type Post = (notice: Delivery) => Came;

/** The parts of a notifier, in which faults are planted. */
type Parts = {
  readonly write: (submission: Submission) => Delivery;
  readonly send: (post: Post, notice: Delivery) => Came;
  readonly jobOf: (submission: Submission) => string;
  readonly isQueued: (came: Came) => boolean;
  readonly tell: (came: Came) => string;
};

const GOOD: Parts = {
  write: ({ id, organization }) => ({
    key: id,
    text: `Verification ${id} of organization ${organization} awaits review.`,
    isGenuine: true,
  }),
  send: (post, notice) => post(notice),
  jobOf: ({ id }) => `job_${id}`,
  isQueued: (came) => came === "accepts",
  tell: (came) => `the reviewers could not be notified: ${came}`,
};

const openNotifier = ({ write, send, jobOf, isQueued, tell }: Parts, receiver: Receiver) => {
  const received: Delivery[] = [];
  const post: Post = (notice) => {
    if (receiver === "isUnreachable") return receiver;
    received.push(notice);
    return receiver === "isSilent" ? "timeIsOut" : receiver;
  };
  const notifier: Notifier = {
    announce: async (submission) => {
      const came = send(post, write(submission));
      if (came === "never") return new Promise(() => {});
      return isQueued(came) ? ok({ jobId: jobOf(submission) }) : failed({ message: tell(came) });
    },
  };
  return {
    notifier,
    received: () => received,
    secrets: [SECRET, ADDRESS],
    patienceMs: PATIENCE_MS,
    close: () => Promise.resolve(),
  };
};

const queuedAfter = (...some: readonly Came[]) => (): Partial<Parts> => ({
  isQueued: (came) => came === "accepts" || some.includes(came),
});

const NOTIFIERS: Planted<Parts> = {
  // What it answers.
  "makes a new job each time": () => {
    let jobs = 0;
    return { jobOf: () => `job_${++jobs}` };
  },
  "has one job for all": () => ({ jobOf: () => "job_1" }),
  "takes silence for a yes": queuedAfter("timeIsOut"),
  "takes a lost answer for a yes": queuedAfter("losesAnswer"),
  "takes a redirect for a yes": queuedAfter("redirects"),
  "takes too many requests for a yes": queuedAfter("asksForLess"),
  "reports success for a receiver that is unreachable": queuedAfter("isUnreachable"),
  "reports success for any answer": () => ({ isQueued: () => true }),
  "throws": () => ({
    tell: () => {
      throw new Error("the line broke");
    },
  }),
  "waits forever": ({ send }) => ({
    send: (post, notice) => {
      const came = send(post, notice);
      return came === "timeIsOut" ? "never" : came;
    },
  }),
  "discloses the address": () => ({ tell: () => `POST ${ADDRESS} failed` }),
  "gives no reason": () => ({ tell: () => "" }),
  // What it sends.
  "sends nothing": () => ({ send: () => "accepts" }),
  "sends it again itself": ({ send }) => ({
    send: (post, notice) => {
      const came = send(post, notice);
      return came === "accepts" ? came : send(post, notice);
    },
  }),
  "sends each twice": ({ send }) => ({
    send: (post, notice) => {
      send(post, notice);
      return send(post, notice);
    },
  }),
  "follows redirects": ({ send }) => ({
    send: (post, notice) => {
      const came = send(post, notice);
      if (came !== "redirects") return came;
      send(post, { ...notice, text: "" });
      return came;
    },
  }),
  "gives no key": ({ write }) => ({
    write: (submission) => ({ ...write(submission), key: null }),
  }),
  "gives a new key each time": ({ write }) => ({
    write: (submission) => ({ ...write(submission), key: crypto.randomUUID() }),
  }),
  "gives all one key": ({ write }) => ({
    write: (submission) => ({ ...write(submission), key: "notice" }),
  }),
  "signs nothing": ({ write }) => ({
    write: (submission) => ({ ...write(submission), isGenuine: false }),
  }),
  "signs only the first time": ({ write }) => {
    const signed = new Set<string>();
    return {
      write: (submission) => {
        const isGenuine = !signed.has(submission.id);
        signed.add(submission.id);
        return { ...write(submission), isGenuine };
      },
    };
  },
  "sends its secret along": ({ write }) => ({
    write: (submission) => {
      const notice = write(submission);
      return { ...notice, text: `${notice.text} ${SECRET}` };
    },
  }),
  "does not say which submission": ({ write }) => ({
    write: (submission) => ({ ...write(submission), text: "A verification awaits review." }),
  }),
};

describe("the contract of notifiers", () => {
  findsOut(
    NOTIFIERS,
    (runner, plant) =>
      notifierContract(
        runner,
        "planted",
        (receiver) => Promise.resolve(openNotifier(plant(GOOD), receiver)),
      ),
  );
});
