/** What a server must do over HTTP, on any runtime and database. */
import { after, before, describe } from "node:test";
import { testBodies, testFrame, testScopes } from "./frame.ts";
import { type Recording, testLife } from "./life.ts";
import { type Client, clientOf, type Target } from "./target.ts";

/** A target that was started for the suite. */
export type Started = Target & { stop(): Promise<void> };

/** What a target is started with, as variables of its environment. */
export const ENVIRONMENT: Readonly<Record<string, string>> = { RECOVERY_MS: "50" };

/**
 * Defines the suite for the target that `start` starts, on an empty database, in `ENVIRONMENT` and
 * with its clock at `START`. Gives what was said in the conversation, once the tests have run.
 */
export const conform = (name: string, start: () => Promise<Started>): Recording => {
  const recording: Recording = {};
  describe(name, { timeout: 180_000 }, () => {
    let started: Started | undefined;
    let client: Client | undefined;
    before(async () => {
      started = await start();
      client = clientOf(started);
    });
    after(async () => await started?.stop());
    const clientNow = (): Client => {
      if (client === undefined) throw new Error("it was not started");
      return client;
    };
    testLife(clientNow, recording);
    testFrame(clientNow);
    testScopes(clientNow);
    testBodies(clientNow);
  });
  return recording;
};
