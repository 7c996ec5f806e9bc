/** Whole purchases over HTTP on an embedded database. */
import { withServers } from "../processes.ts";
import { measurePurchases } from "../purchasing.ts";
import type { Row } from "../report.ts";

const LEVELS = [
  { callers: 1, count: 60 },
  { callers: 8, count: 96 },
  { callers: 32, count: 192 },
];

export const purchases: Row = {
  name: "purchase",
  run: (scale) => withServers((field) => measurePurchases(field, "", LEVELS, scale)),
};
