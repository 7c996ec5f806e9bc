/** Reading the operator's lists. */
import assert from "node:assert/strict";
import { ADMIN_TOKEN, type TestApp } from "../support/app.ts";

/** What a call of the operator's answers, which must be 200. */
export const ask = async (app: TestApp, path: string) => {
  const { status, json } = await app.request("GET", path, { token: ADMIN_TOKEN });
  assert.equal(status, 200, `${path}: ${JSON.stringify(json)}`);
  return json;
};

export type Row = { readonly id: string; readonly organization: string };

/** All rows of a list, page by page. */
export const pagesOf = async (
  app: TestApp,
  member: string,
  path: string,
): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  for (let cursor = "", turns = 0; turns < 100; turns += 1) {
    const page = await ask(app, `${path}${cursor === "" ? "" : `&after=${cursor}`}`);
    rows.push(...page[member]);
    if (page.next === null) return rows;
    cursor = encodeURIComponent(page.next);
  }
  throw new Error("the list has no last page");
};
