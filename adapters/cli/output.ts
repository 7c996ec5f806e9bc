/** Where commands write, and how the program ends early. */
import process from "node:process";

/** Prints a line. */
export const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Whether the output's reader has gone away. */
export const isUnread = (error: Error): boolean => "code" in error && error.code === "EPIPE";

const unwritten = ({ message }: Error): string => `the output cannot be written: ${message}`;

/**
 * Prints a line, and waits until its reader accepts more, or has gone away. Rejects where it cannot
 * be written, as on a full disk.
 */
export const printSlowly = (line: string): Promise<void> =>
  new Promise((resolve, reject) =>
    void process.stdout.write(`${line}\n`, (error) => {
      if (error instanceof Error && !isUnread(error)) reject(new Error(unwritten(error)));
      else resolve();
    })
  );

/** Ends the program with a message and a status. */
export const fail = (message: string, status = 1): never => {
  console.error(message);
  process.exit(status);
};

/** Ends the program once its output cannot be written; with this status where nobody reads it. */
export const endWithOutput = (status: number): void => {
  process.stdout.on("error", (error) => {
    if (isUnread(error)) process.exit(status);
    fail(`ledgerline: ${unwritten(error)}`);
  });
};

/** Whether what is printed may have colors: at a terminal, unless `NO_COLOR` is set. */
export const hasColors = (
  { isTTY }: { readonly isTTY?: boolean } = process.stdout,
  { NO_COLOR = "", TERM }: Readonly<Record<string, string | undefined>> = process.env,
): boolean => isTTY === true && NO_COLOR === "" && TERM !== "dumb";
