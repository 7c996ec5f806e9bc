/** What a rebuild of all rows keeps out, in a log that only this process writes to. */

/** A gate that appends go through. */
export type Gate = {
  /** Lets an append go on: immediately, unless the gate is shut. */
  pass<Value>(append: () => Promise<Value>): Promise<Value>;
  /** Runs `work` with the gate shut; appends made meanwhile wait until it is done. */
  shut<Value>(work: () => Promise<Value>): Promise<Value>;
  /** Runs `work` as the only rebuild; rejects when there is one already. */
  rebuild<Value>(work: () => Promise<Value>): Promise<Value>;
};

/** The error of a second rebuild. */
export const ANOTHER_REBUILD = "another rebuild is under way";

/** Opens a gate. */
export const openGate = (): Gate => {
  let opening: Promise<unknown> | null = null;
  let isRebuilding = false;
  const pass: Gate["pass"] = (append) =>
    opening === null ? append() : opening.then(() => pass(append));
  return {
    pass,
    shut: async (work) => {
      let open = (): void => {};
      opening = new Promise<void>((resolve) => {
        open = resolve;
      });
      try {
        return await work();
      } finally {
        opening = null;
        open();
      }
    },
    rebuild: async (work) => {
      if (isRebuilding) throw new Error(ANOTHER_REBUILD);
      isRebuilding = true;
      try {
        return await work();
      } finally {
        isRebuilding = false;
      }
    },
  };
};
