/** A database that does not answer. */
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { tag } from "../../../core/values/tag.ts";

/** There was no answer in time. */
export class Silence extends Unavailable {
  static {
    tag(this, "Silence");
  }
}

/** Rejects when there was no answer for so long, unless it was ended before. */
export const silence = (limit_ms: Milliseconds): { readonly over: Promise<never>; end(): void } => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<never>((_, reject) => {
    const why = `the database gave no answer within ${limit_ms / 1_000} s`;
    timer = setTimeout(() => reject(new Silence(why)), limit_ms);
  });
  return { over, end: () => clearTimeout(timer) };
};
