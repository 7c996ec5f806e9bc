/**
 * Numbers with what a reconciliation notes of each, at 17 bytes a place: it compares all numbers of
 * all organizations, and keeps no other list of them.
 */
import { type E164, isE164 } from "../values/e164.ts";

const FIRST_PLACES = 1_024;
/** At most this share of the places is taken. */
const FULL = 0.7;

const SEED = [0x9e3779b1, 0x85ebca77] as const;
const [HIGH, LOW] = [0x200000, 0x100000000] as const;

/** A whole number of 53 bits for a text; no two of a list of any likely length have the same. */
export const printOf = (text: string): number => {
  let [a, b] = SEED as readonly [number, number];
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x5f356495);
  }
  a = Math.imul(a ^ a >>> 16, 0x85ebca6b) ^ Math.imul(b ^ b >>> 13, 0xc2b2ae35);
  b = Math.imul(b ^ b >>> 16, 0x85ebca6b) ^ Math.imul(a ^ a >>> 13, 0xc2b2ae35);
  return (a >>> 0) % HIGH * LOW + (b >>> 0);
};

/** Never 0, which is a free place. A carrier's text that is not a number has a negative key. */
const keyOf = (e164: E164): number => isE164(e164) ? Number(e164) : -1 - printOf(e164);

/** What is noted of a number: a print of it (0 if none was noted), and marks as bits. */
export type Noted = { readonly print: number; readonly marks: number };

/** A table by number, which only grows. */
export const openNumberTable = () => {
  let keys = new Float64Array(FIRST_PLACES);
  let prints = new Float64Array(FIRST_PLACES);
  let marks = new Uint8Array(FIRST_PLACES);
  let size = 0;

  /** The place of a key: where it is, or the free one where it would be put. */
  const placeOf = (key: number): number => {
    const last = keys.length - 1;
    const mixed = Math.imul(key % LOW ^ key / LOW, SEED[0]);
    for (let place = (mixed ^ mixed >>> 15) & last;; place = place + 1 & last) {
      if (keys[place] === key || keys[place] === 0) return place;
    }
  };

  const grow = (): void => {
    const old = { keys, prints, marks };
    keys = new Float64Array(2 * old.keys.length);
    prints = new Float64Array(keys.length);
    marks = new Uint8Array(keys.length);
    for (const [from, key] of old.keys.entries()) {
      if (key === 0) continue;
      const place = placeOf(key);
      keys[place] = key;
      prints[place] = old.prints[from] ?? 0;
      marks[place] = old.marks[from] ?? 0;
    }
  };

  return {
    get: (e164: E164): Noted => {
      const place = placeOf(keyOf(e164));
      return { print: prints[place] ?? 0, marks: marks[place] ?? 0 };
    },
    set: (e164: E164, { print, marks: noted }: Noted): void => {
      const key = keyOf(e164);
      let place = placeOf(key);
      if (keys[place] === 0) {
        if (size >= FULL * keys.length) {
          grow();
          place = placeOf(key);
        }
        size += 1;
      }
      keys[place] = key;
      prints[place] = print;
      marks[place] = noted;
    },
    /** The marks of each number, in no order. */
    *marks(): Generator<number> {
      for (const [place, key] of keys.entries()) if (key !== 0) yield marks[place] ?? 0;
    },
  };
};
