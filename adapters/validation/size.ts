const NUMBER_BYTES = 8;
const ENTRY_BYTES = 16;

/**
 * About how many bytes a JSON value takes, as text or in memory, whichever: texts by their length,
 * and a little for each number and entry. It makes nothing, so it costs less than writing the JSON.
 * The value is nested no deeper than a caller's stack.
 */
export const approximateBytes = (value: unknown): number => {
  if (typeof value === "string") return value.length + ENTRY_BYTES;
  if (typeof value !== "object" || value === null) return NUMBER_BYTES;
  let bytes = ENTRY_BYTES;
  if (Array.isArray(value)) {
    for (const item of value) bytes += approximateBytes(item);
    return bytes;
  }
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    bytes += key.length + ENTRY_BYTES + approximateBytes((value as Record<string, unknown>)[key]);
  }
  return bytes;
};
