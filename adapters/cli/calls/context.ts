/** What each of the commands has: where it asks, and where it prints. */
import type { Target } from "../target/mod.ts";

/** Where a command prints, and what it may ask of who typed it. */
export type Screen = {
  /** Prints a line, and waits until its reader accepts more. */
  readonly line: (text: string) => Promise<void>;
  /** Says something beside the answer. */
  readonly note: (text: string) => void;
  readonly bold: (text: string) => string;
  /** Whether the answer is yes; null where nobody can be asked. */
  readonly confirm: (question: string) => Promise<boolean | null>;
};

/** What a command works with. */
export type Context = {
  readonly target: Target;
  readonly screen: Screen;
  readonly isJson: boolean;
};
