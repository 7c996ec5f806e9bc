/** A database in memory that the tests of a file share. */
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { type OpenDatabase, openPglite } from "../../adapters/log/pglite/mod.ts";
import type { Database } from "../../adapters/log/sql/database.ts";

/** Returns the database, which is open while the file's tests run. */
export const sharedDatabase = (): () => Database => {
  let opened: OpenDatabase | undefined;
  before(async () => {
    opened = await openPglite({ folder: "memory" });
  });
  after(() => opened?.close());
  return () => {
    assert.ok(opened !== undefined);
    return opened.database;
  };
};
