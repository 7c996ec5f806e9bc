/**
 * The tape: a list of numbers from which every choice of a simulated run is read, in order.
 * fast-check draws it once, so a seed and a path reproduce the run; what is read past its end
 * is 0, and 0 is always the calmest choice, so a tape shrinks by cutting, by zeroing and by leaving
 * out.
 */
import fc from "fast-check";

/** Reads choices off a tape. */
export class Tape {
  readonly #values: readonly number[];
  #place = 0;

  constructor(values: readonly number[]) {
    this.#values = values;
  }

  /** A whole number from 0 up to and without `count`; 0 where `count` is 0. */
  below(count: number): number {
    const value = this.#values[this.#place++] ?? 0;
    return count === 0 ? 0 : value % count;
  }

  /** True in about `perMille` of a thousand cases. */
  chance(perMille: number): boolean {
    return perMille > 0 && this.below(1_000) >= 1_000 - perMille;
  }

  /** One of these; the first is the calmest. */
  one<Value>(values: readonly [Value, ...Value[]]): Value {
    return values[this.below(values.length)] ?? values[0];
  }
}

/** More than almost any run reads. */
const LENGTH = 3_000;
const LARGEST = 0x7fffffff;

/** Every tape that says a little less: shorter ones, ones with zeros, ones with parts left out. */
function* smaller(values: readonly number[]): Generator<readonly number[]> {
  const { length } = values;
  for (let cut = length; cut >= 1; cut = Math.floor(cut / 2)) yield values.slice(0, length - cut);
  for (let size = Math.floor(length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < length; from += size) {
      const part = values.slice(from, from + size);
      const rest = values.slice(from + size);
      if (part.some((value) => value !== 0)) {
        yield [...values.slice(0, from), ...part.map(() => 0), ...rest];
      }
      yield [...values.slice(0, from), ...rest];
    }
  }
}

/** Draws tapes. A tape does not depend on what was read of it, so a path leads to it again. */
class Tapes extends fc.Arbitrary<readonly number[]> {
  override generate(random: fc.Random): fc.Value<readonly number[]> {
    const values = Array.from({ length: LENGTH }, () => random.nextInt(0, LARGEST));
    return new fc.Value(values, undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is readonly number[] {
    return Array.isArray(value);
  }

  override shrink(values: readonly number[]): fc.Stream<fc.Value<readonly number[]>> {
    return fc.stream(smaller(values)).map((tape) => new fc.Value(tape, undefined));
  }
}

/** Any tape. */
export const tapes: fc.Arbitrary<readonly number[]> = new Tapes();
