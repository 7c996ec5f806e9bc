/** How many messages may be under way, to one endpoint and to all. */

/** The places of a sender. */
export type Places = {
  /** Takes a place for a message to this endpoint; gives what frees it, or null: there is none. */
  readonly take: (endpoint: string) => (() => void) | null;
};

/** All places are free; at most `total` are taken, and `each` by one endpoint. */
export const openPlaces = (
  { total, each }: { readonly total: number; readonly each: number },
): Places => {
  const takenBy = new Map<string, number>();
  let taken = 0;
  return {
    take: (endpoint) => {
      const own = takenBy.get(endpoint) ?? 0;
      if (taken >= total || own >= each) return null;
      taken += 1;
      takenBy.set(endpoint, own + 1);
      return () => {
        taken -= 1;
        const left = (takenBy.get(endpoint) ?? 0) - 1;
        if (left > 0) takenBy.set(endpoint, left);
        else takenBy.delete(endpoint);
      };
    },
  };
};
