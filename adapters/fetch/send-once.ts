/** Bodies of requests that must not be sent twice. */

/** What of a request's options says what its body is. */
type Body = { readonly body: string } | {
  readonly body: ReadableStream<Uint8Array>;
  readonly duplex: "half";
};

const streamOf = (text: string): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start: (stream) => {
      stream.enqueue(new TextEncoder().encode(text));
      stream.close();
    },
  });

/**
 * A body that `fetch` sends once. Deno's automatically sends a request again when the connection
 * ends before the answer, a POST as well (denoland/deno#35610), unless its body is a stream, which
 * cannot be read twice. Elsewhere it is text, since a stream has no length to announce.
 */
export const sentOnce = (text: string): Body =>
  "Deno" in globalThis ? { body: streamOf(text), duplex: "half" } : { body: text };
