/** A soak finds what grows, and takes no noise for growth. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Sample, summaryOf, trendOf } from "./trend.ts";

/** Samples of ten minutes, every two seconds. */
const samples = (of: (at: number, place: number) => Omit<Sample, "at">): readonly Sample[] =>
  Array.from({ length: 300 }, (_, place) => ({ at: place / 30, ...of(place / 30, place) }));

/** Up and down again and again, as a collector of garbage makes it. */
const tooth = (place: number): number => 40 * (place % 10) / 10;

test("a line is what fits best, with how far the points are from it", () => {
  assert.deepEqual(trendOf([[0, 1], [1, 3], [2, 5]]), { mean: 3, slope: 2, noise: 0 });
  assert.deepEqual(trendOf([[4, 7]]), { mean: 7, slope: 0, noise: 0 });
});

test("what goes up and down, or grew before minute two alone, is flat", () => {
  const flat = samples((_, place) => ({ megabytes: 300 + tooth(place), files: 30 + place % 2 }));
  assert.ok(summaryOf(flat).isFlat);
  const warm = samples((at, place) => ({
    megabytes: 200 * Math.min(at, 2) + tooth(place),
    files: at < 2 ? 10 : 40,
  }));
  assert.ok(summaryOf(warm).isFlat, summaryOf(warm).lines.join());
});

test("memory or files that grow all the time are found", () => {
  const memory = samples((at, place) => ({ megabytes: 300 + 10 * at + tooth(place), files: 30 }));
  assert.equal(summaryOf(memory).isFlat, false);
  const files = samples((at, place) => ({ megabytes: 300 + tooth(place), files: 30 + at }));
  assert.equal(summaryOf(files).isFlat, false);
});

test("a soak of less than two minutes shows nothing", () => {
  const short = samples(() => ({ megabytes: 300, files: 30 })).slice(0, 60);
  assert.equal(summaryOf(short).isFlat, false);
});
