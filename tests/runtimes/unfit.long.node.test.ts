/** A server is started with each setting that it refuses. */
import { after, describe, test } from "node:test";
import { removeServers } from "../support/server.ts";
import { refusesToStart, UNFIT } from "./unfit.ts";

describe("the server's start", { timeout: 600_000 }, () => {
  after(removeServers);

  for (const [name, value] of UNFIT) {
    test(`is refused with one line and status 2 when ${name} is ${value}`, async () => {
      await refusesToStart(name, value);
    });
  }
});
