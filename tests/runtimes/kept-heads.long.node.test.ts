/** A folder that a server on Deno wrote, restored: its start is refused there. */
import { after, describe, test } from "node:test";
import { removeServers } from "../support/server.ts";
import { refuses, restored } from "./restored.ts";

after(removeServers);

describe("a restored folder", { timeout: 600_000 }, () => {
  test("is refused with status 3 on Deno, which wrote it", async () => {
    await refuses("deno", await restored("deno"));
  });
});
