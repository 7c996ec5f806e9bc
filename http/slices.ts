/** Long lists are built in slices, between which other requests get their turn. */
import { openSlices } from "../adapters/ledger/engine/slices.ts";

/** Shorter lists are built immediately; the time is checked once per this many items. */
const FEW = 100;

/** What `map` gives, computed in slices. */
export const mapInSlices = async <From, To>(
  items: readonly From[],
  encode: (item: From) => To,
): Promise<readonly To[]> => {
  if (items.length <= FEW) return items.map(encode);
  const next = openSlices();
  const made: To[] = [];
  for (const [place, item] of items.entries()) {
    if (place % FEW === 0) await next();
    made.push(encode(item));
  }
  return made;
};

const isLong = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && value.length > FEW;

const listText = async (items: readonly unknown[]): Promise<string> => {
  const next = openSlices();
  const parts: string[] = [];
  for (let place = 0; place < items.length; place += FEW) {
    await next();
    parts.push(JSON.stringify(items.slice(place, place + FEW)).slice(1, -1));
  }
  return `[${parts.join(",")}]`;
};

/**
 * What `JSON.stringify` gives for a body, computed in slices where it is a long list, or an object
 * with one; null for any other body.
 */
export const textInSlices = async (body: unknown): Promise<string | null> => {
  if (isLong(body)) return await listText(body);
  if (typeof body !== "object" || body === null || Array.isArray(body)) return null;
  if (!Object.values(body).some(isLong)) return null;
  const members: string[] = [];
  for (const [name, value] of Object.entries(body)) {
    const text = isLong(value) ? await listText(value) : JSON.stringify(value);
    if (text !== undefined) members.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${members.join(",")}}`;
};
