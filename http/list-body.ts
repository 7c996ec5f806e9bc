/** Long lists as bodies: they are read as they are sent, so that they may have any length. */

import { ok } from "../core/values/result.ts";
import type { ListBody, Outcome } from "./dialect.ts";

/** 200 with a list that is read as it is sent; `after` may depend on what was read. */
export const listed = (
  before: string,
  pages: AsyncIterable<readonly unknown[]>,
  after: ListBody["after"],
): Outcome => ok({ status: 200, body: null, list: { before, pages, after } });

/** About so many characters are sent at a time; a body that is shorter is sent as one text. */
const CHUNK = 65_536;

/** The body's text in chunks. */
async function* chunksOf({ before, pages, after }: ListBody): AsyncGenerator<string, void> {
  let text = before;
  let isFirst = true;
  for await (const page of pages) {
    if (page.length === 0) continue;
    text += `${isFirst ? "" : ","}${JSON.stringify(page).slice(1, -1)}`;
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

/** The items of pages as `encode` writes them. */
export async function* encoded<From>(
  pages: AsyncIterable<readonly From[]>,
  encode: (item: From) => unknown,
): AsyncGenerator<readonly unknown[], void> {
  for await (const page of pages) yield page.map(encode);
}

/** Runs the work when it is its turn. */
export type Turn = <Value>(work: () => Promise<Value>) => Promise<Value>;

async function* inTurns(
  first: IteratorResult<readonly unknown[]>,
  pages: AsyncIterator<readonly unknown[]>,
  turn: Turn,
): AsyncGenerator<readonly unknown[], void> {
  try {
    for (let next = first; next.done !== true; next = await turn(() => pages.next())) {
      yield next.value;
    }
  } finally {
    await pages.return?.();
  }
}

/** The same list, of which the first page is read now, and each other one in its turn. */
export const begun = async (list: ListBody, turn: Turn): Promise<ListBody> => {
  const pages = list.pages[Symbol.asyncIterator]();
  return { ...list, pages: inTurns(await pages.next(), pages, turn) };
};
