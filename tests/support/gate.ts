/** What others wait for until a test lets them go. */
export type Gate = {
  /** Resolves when it is open. */
  readonly opened: Promise<void>;
  /** Opens it, for good. */
  readonly open: () => void;
};

/** A gate that is closed yet. */
export const gate = (): Gate => {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => open = resolve);
  return { opened, open: () => open() };
};
