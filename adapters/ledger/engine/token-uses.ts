/** Notes when tokens are used, in the background: no request waits for that, or fails by it. */
import * as Effect from "effect/Effect";
import { MINUTE_MS, SECOND_MS } from "../../../core/values/calendar.ts";
import { ask, askFor, Ports } from "./services.ts";

/** Writes the uses that wait; whether it could. What fails is reported, and is not tried again. */
const write = Effect.gen(function* () {
  const { log: { tokenUses }, tokenNotes: { some, waiting } } = yield* Ports;
  const uses = Array.from(waiting, ([token, at]) => ({ token, at }));
  waiting.clear();
  some.closeUnsafe();
  if (uses.length === 0) return true;
  return yield* askFor("a note of tokens' uses", false, async () => {
    await tokenUses?.note(uses);
    return true;
  });
});

/** Writes uses as they come, at most once a second; once a minute where that fails. */
export const writeUses = Effect.gen(function* () {
  const { tokenNotes: { some } } = yield* Ports;
  while (true) {
    yield* some.await;
    yield* Effect.sleep(SECOND_MS);
    if (!(yield* write)) yield* Effect.sleep(MINUTE_MS);
  }
});

/** Writes the last ones when the ledger closes, which does not wait for them for long. */
export const writeLastUses = Effect.raceFirst(write, Effect.sleep(SECOND_MS));

/** When each of these tokens was last used, as far as the log knows. */
export const lastUses = Effect.fnUntraced(function* (tokens: readonly string[]) {
  const { log: { tokenUses } } = yield* Ports;
  yield* write;
  const uses = yield* ask(async () => await tokenUses?.last(tokens) ?? []);
  return new Map(uses.map(({ token, at }) => [token, at]));
});

/** Forgets the uses of tokens that were revoked; what stays where that fails, nothing reads. */
export const forgetUses = Effect.fnUntraced(function* (tokens: readonly string[]) {
  const { log: { tokenUses } } = yield* Ports;
  yield* askFor(
    "the removal of tokens' uses",
    undefined,
    async () => await tokenUses?.forget(tokens),
  );
});
