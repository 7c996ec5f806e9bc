/** Long lists as bodies: they are read as they are sent, so that they may have any length. */

import { ok } from "../core/values/result.ts";
import type { ListBody, Outcome } from "./dialect.ts";

/** 200 with a list that is read as it is sent; `after` may depend on what was read. */
export const listed = (
  before: string,
  items: AsyncIterable<unknown>,
  after: ListBody["after"],
): Outcome => ok({ status: 200, body: null, list: { before, items, after } });

/** About so many characters are sent at a time; a body that is shorter is sent as one text. */
const CHUNK = 65_536;

/** The body's text in chunks. */
async function* chunksOf({ before, items, after }: ListBody): AsyncGenerator<string, void> {
  let text = before;
  let isFirst = true;
  for await (const item of items) {
    text += `${isFirst ? "" : ","}${JSON.stringify(item)}`;
    isFirst = false;
    if (text.length < CHUNK) continue;
    yield text;
    text = "";
  }
  yield text + after();
}

const encoder = new TextEncoder();

/** The rest of a text, as far as it is taken; `onError` is told why it ends early. */
const streamOf = (
  first: readonly string[],
  rest: AsyncGenerator<string, void>,
  onError: Sending["onError"],
): ReadableStream<Uint8Array> => {
  const ready = [...first];
  let isWanted = true;
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const text = ready.shift() ?? (await rest.next()).value;
        // The client may have gone away while it was read.
        if (!isWanted) return;
        if (text === undefined) controller.close();
        else controller.enqueue(encoder.encode(text));
      } catch (error) {
        const isCut = onError(error);
        if (!isWanted) return;
        if (isCut) controller.close();
        else controller.error(error);
      }
    },
    cancel: async () => {
      isWanted = false;
      await rest.return();
    },
  }, { highWaterMark: 0 });
};

/** How a list is sent. */
export type Sending = {
  /** Nothing of it is sent. */
  readonly isHead: boolean;
  /** The ledger ends with the answer, so all is read before. */
  readonly isWhole: boolean;
  /** Called where the list cannot be read to its end. Whether the connection is cut then. */
  readonly onError: (error: unknown) => boolean;
};

/** The text of a list where it is short, or is to be whole; else what gives it as it is read. */
export const bodyOfList = async (
  list: ListBody,
  { isHead, isWhole, onError }: Sending,
): Promise<string | ReadableStream<Uint8Array>> => {
  const chunks = chunksOf(list);
  const read: string[] = [];
  for (;;) {
    const { value } = await chunks.next();
    if (value === undefined) return read.join("");
    read.push(value);
    if (isHead) break;
    if (!isWhole && read.length === 2) return streamOf(read, chunks, onError);
  }
  await chunks.return();
  return "";
};

/** The items of a list as `encode` writes them. */
export async function* encoded<From>(
  items: AsyncIterable<From>,
  encode: (item: From) => unknown,
): AsyncGenerator<unknown, void> {
  for await (const item of items) yield encode(item);
}

/** So many items are read in one turn. */
const TURN = 100;

/** Reads the next items, as many as are read in one turn. */
const take = async (items: AsyncIterator<unknown>): Promise<readonly unknown[]> => {
  const taken: unknown[] = [];
  while (taken.length < TURN) {
    const next = await items.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
};

/** Runs the work when it is its turn. */
export type Turn = <Value>(work: () => Promise<Value>) => Promise<Value>;

async function* afterFirst(
  first: readonly unknown[],
  items: AsyncIterator<unknown>,
  turn: Turn,
): AsyncGenerator<unknown, void> {
  try {
    for (let some = first;;) {
      yield* some;
      if (some.length < TURN) return;
      some = await turn(() => take(items));
    }
  } finally {
    await items.return?.();
  }
}

/** The same list, of which the first items are read now, and the others some at a time in turns. */
export const begun = async (list: ListBody, turn: Turn): Promise<ListBody> => {
  const items = list.items[Symbol.asyncIterator]();
  return { ...list, items: afterFirst(await take(items), items, turn) };
};
