import type { TokenUses } from "../../../core/ports/mod.ts";
import { HOUR_MS, type Instant } from "../../../core/values/calendar.ts";
import { rowName } from "../append-checks.ts";
import type { Store } from "./store.ts";

/** The uses of tokens, beside the rows; each call is one of the log's operations (`run`). */
export const openTokenUses = (
  run: <Value>(operation: (store: Store) => Value) => Promise<Value>,
): TokenUses => {
  const noted = new Map<string, Instant>();
  return {
    note: (uses) =>
      run(({ books }) => {
        for (const { token, at } of uses) {
          const last = noted.get(token);
          if (last !== undefined && Math.abs(at - last) < HOUR_MS) continue;
          const name = rowName({ kind: "token", key: token });
          const isToken = [...books.values()].some(({ rows }) => rows.has(name));
          if (isToken) noted.set(token, at);
        }
      }),
    last: (tokens) =>
      run(() =>
        [...new Set(tokens)].flatMap((token) => {
          const at = noted.get(token);
          return at === undefined ? [] : [{ token, at }];
        })
      ),
    forget: (tokens) =>
      run(() => {
        for (const token of tokens) noted.delete(token);
      }),
  };
};
