/** Lines of an input that another program writes, which may never end one. */
import type { Readable } from "node:stream";

const LINE_END = 0x0a;

/** A line that goes on: its parts, or null once they are more than may be kept. */
type Begun = { readonly parts: Buffer[]; bytes: number };

/**
 * The lines of an input, each of at most so many bytes (UTF-8), until it ends or is stopped; null
 * for a line that is longer, of which no more than the bound is kept. A stop closes the input.
 * Rejects where the input cannot be read.
 */
export const boundedLines = async function* (
  input: Readable,
  most: number,
  stopped: AbortSignal,
): AsyncGenerator<string | null> {
  const begun: Begun = { parts: [], bytes: 0 };
  const add = (part: Buffer): void => {
    begun.bytes += part.length;
    if (begun.bytes > most) begun.parts.length = 0;
    else begun.parts.push(part);
  };
  const ended = (): string | null => {
    const line = begun.bytes > most ? null : Buffer.concat(begun.parts).toString("utf8");
    begun.parts.length = 0;
    begun.bytes = 0;
    return line;
  };
  const close = (): void => void input.destroy();
  stopped.addEventListener("abort", close, { once: true });
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) {
      let from = 0;
      for (let to = chunk.indexOf(LINE_END); to !== -1; to = chunk.indexOf(LINE_END, from)) {
        add(chunk.subarray(from, to));
        from = to + 1;
        if (stopped.aborted) return;
        yield ended();
      }
      add(chunk.subarray(from));
    }
    if (begun.bytes > 0) yield ended();
  } catch (error) {
    // It ends before its end, as it was told to.
    if (!stopped.aborted) throw error;
  } finally {
    stopped.removeEventListener("abort", close);
  }
};
