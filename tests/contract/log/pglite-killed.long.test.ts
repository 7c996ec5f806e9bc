/** Processes that are killed at several moments of a large append on PGlite. */
import { after, describe, test } from "node:test";
import { openFolders } from "../../support/folders.ts";
import { killedMeanwhile } from "./killed.ts";
import { killAll } from "./processes.ts";

const { newPath, remove } = openFolders("killed");

describe("a large append on PGlite", () => {
  after(() => {
    killAll();
    remove();
  });

  test("is whole or not there wherever its process is killed", async () => {
    await killedMeanwhile(newPath(), [20, 35, 50, 65]);
  });
});
