/** Server-sent events, as clients of the feed read them. */
import assert from "node:assert/strict";

/** Reads the text of a stream as it comes, until it has what is waited for. */
export const reading = (response: Response) => {
  const reader = (response.body ?? assert.fail("there is no stream"))
    .pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    until: async (isThere: (text: string) => boolean): Promise<string> => {
      while (!isThere(text)) {
        const { done, value } = await reader.read();
        if (done) break;
        text += value;
      }
      return text;
    },
    leave: () => reader.cancel(),
  };
};

/** The events of a stream, as clients read it (WHATWG HTML, 9.2.6). */
export const parsed = (text: string) =>
  text.split("\n\n").flatMap((block) => {
    const lines = block.split("\n");
    const data = lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice(6));
    if (data.length === 0) return [];
    const id = lines.find((line) => line.startsWith("id: "))?.slice(4);
    return [{ id, data: JSON.parse(data.join("\n")) }];
  });
