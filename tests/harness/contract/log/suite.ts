import type { EventLog } from "../../../../core/ports/mod.ts";
import { runnerOf, skippable, type TestFunctions } from "../../runner.ts";
import { about } from "./about.ts";
import { appending } from "./appending.ts";
import { chaining } from "./chaining.ts";
import { claiming } from "./claiming.ts";
import { closing } from "./closing.ts";
import { concurrency } from "./concurrency.ts";
import { delivering } from "./delivering.ts";
import { failing, type LogFaults } from "./faults.ts";
import { followingUnanswered } from "./following.ts";
import { followingModel } from "./following-model.ts";
import { large } from "./large.ts";
import { leasing } from "./leasing.ts";
import { listing } from "./listing.ts";
import { pages } from "./pages.ts";
import { reading } from "./reading.ts";
import { rebuilding } from "./rebuilding.ts";
import { repeating } from "./repeating.ts";
import { replacing } from "./replacing.ts";
import { keepingText } from "./text.ts";
import { usingTokens } from "./token-uses.ts";
import { watching } from "./watching.ts";
import { declareFaults, type FaultOptions } from "../transport.ts";

/** Further options of the suite of logs. */
export type LogOptions = FaultOptions & {
  /** How the line to the log that was opened is made to fail. */
  readonly faults?: (() => LogFaults) | undefined;
};

const faultsOf = ({ faults }: LogOptions): LogFaults => {
  if (faults !== undefined) return faults();
  throw new Error(
    "the line to the log cannot be made to fail: give the suite `faults`, or say in " +
      "`withoutFaults` why there is no line",
  );
};

/**
 * Declares the tests that every adapter of the `EventLog` port passes, with the functions of your
 * test runner. `open` is called once; the tests share what it gives and use fresh organizations and
 * numbers, so it need not be empty, but no other program may write to it meanwhile, no row in it
 * may have work to do, and all rows in it are replaced. They close it at the end. `faults` makes
 * the line fail between the log and what it is kept in; where there is none, `withoutFaults` says
 * so.
 *
 * @example
 * ```ts
 * import * as runner from "node:test";
 * import { openMemoryLog } from "ledgerline/memory";
 * import { eventLogContract } from "ledgerline/testing";
 *
 * eventLogContract(runner, "memory", () => Promise.resolve(openMemoryLog()), {
 *   withoutFaults: "the log is in the memory of this process",
 * });
 * ```
 */
export const eventLogContract = (
  functions: TestFunctions,
  name: string,
  open: () => Promise<EventLog>,
  options: LogOptions = {},
): void => {
  const { describe, before, after, ...runner } = runnerOf(functions);
  const test = skippable(runner.test);
  describe(`the ${name} log`, () => {
    let log: EventLog | undefined;
    const theLog = (): EventLog => {
      if (log === undefined) throw new Error("the log is not open");
      return log;
    };
    before(async () => {
      log = await open();
    });
    after(() => theLog().close());

    appending(test, theLog);
    claiming(test, theLog);
    repeating(test, theLog);
    chaining(test, theLog);
    reading(test, theLog);
    pages(test, theLog);
    about(test, theLog);
    listing(test, theLog);
    large(test, theLog);
    replacing(test, theLog);
    rebuilding(test, theLog);
    keepingText(test, theLog);
    watching(test, theLog);
    leasing(test, theLog);
    usingTokens(test, theLog);
    delivering(test, theLog);
    concurrency(test, theLog);
    followingUnanswered(test, theLog);
    followingModel(test, theLog);
    declareFaults(
      test,
      () => options,
      options,
      () => failing(test, theLog, () => faultsOf(options)),
    );
    closing(test, theLog);
  });
};
