/** The longest answer that is read: four times the longest page of numbers. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * The JSON of an answer; undefined when it is not JSON, or longer than 4 MiB. Rejects when the
 * connection breaks off.
 */
export const readAnswer = async (response: Response): Promise<unknown> => {
  const reader = response.body?.getReader();
  if (reader === undefined) return undefined;
  // A byte order mark before the JSON is not part of it (RFC 8259, 8.1); within its texts it is.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: false });
  let text = "";
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > MAX_BYTES) {
      // A peer that is still sending is not waited for.
      reader.cancel().catch(() => undefined);
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
  try {
    return JSON.parse(text + decoder.decode());
  } catch {
    return undefined;
  }
};
