/** Where commands write, and how the program ends early. */
import process from "node:process";

/** Prints a line. */
export const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Prints a line, and waits until its reader accepts more. */
export const printSlowly = (line: string): Promise<void> =>
  new Promise((resolve) => void process.stdout.write(`${line}\n`, () => resolve()));

/** Ends the program with a message and a status. */
export const fail = (message: string, status = 1): never => {
  console.error(message);
  process.exit(status);
};

/** Whether what is printed may have colors: at a terminal, unless `NO_COLOR` is set. */
export const hasColors = (
  { isTTY }: { readonly isTTY?: boolean } = process.stdout,
  { NO_COLOR = "", TERM }: Readonly<Record<string, string | undefined>> = process.env,
): boolean => isTTY === true && NO_COLOR === "" && TERM !== "dumb";
