/** Makes the mutants of files: all in one instrumented text, each switched on by its id. */
import { Instrumenter } from "@stryker-mutator/instrumenter";

/** A change of the code that the tests should notice. */
export type Mutant = {
  readonly id: string;
  /** The path in the project. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The kind of change, by StrykerJS's name for it, or `Sql`. */
  readonly kind: string;
  /** The text of the line on which it begins. */
  readonly source: string;
  /** What it changes, and to what, each on one line. */
  readonly original: string;
  readonly replacement: string;
};

/** What is changed, whatever line it is on. */
export type Change = Pick<Mutant, "file" | "source" | "original" | "replacement">;

/** Files by their paths in the project. */
export type Texts = ReadonlyMap<string, string>;

/** The instrumented files, and the mutants in them. */
export type Instrumented = { readonly texts: Texts; readonly mutants: readonly Mutant[] };

const quiet = (): void => {};
const LOGGER = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: quiet,
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: quiet,
  fatal: quiet,
};

/** A text on one line. */
export const onOneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

/**
 * What a mutant is known by from one version of the code to the next: its file, the line that it is
 * on as text, and the change.
 */
export const keyOf = ({ file, source, original, replacement }: Change): string =>
  [file, source, original, replacement].join(" | ");

/** The mutants that StrykerJS makes of these files. */
export const instrument = async (texts: Texts): Promise<Instrumented> => {
  const { files, mutants } = await new Instrumenter(LOGGER).instrument(
    [...texts].map(([name, content]) => ({ name, content, mutate: true })),
    { plugins: null, ignorers: [], excludedMutations: [] },
  );
  return {
    texts: new Map(files.map(({ name, content }) => [name, content])),
    mutants: mutants.filter(({ status }) => status === undefined)
      .map(({ id, fileName, location: { start, end }, mutatorName, replacement }) => {
        const lines = texts.get(fileName)?.split("\n") ?? [];
        const part = lines.slice(start.line, end.line + 1);
        const last = part.length - 1;
        const original = part.map((line, index) =>
          line.slice(index === 0 ? start.column : 0, index === last ? end.column : undefined)
        );
        return {
          id,
          file: fileName,
          line: start.line + 1,
          kind: mutatorName,
          source: onOneLine(lines[start.line] ?? ""),
          original: onOneLine(original.join("\n")),
          replacement: onOneLine(replacement),
        };
      }),
  };
};
