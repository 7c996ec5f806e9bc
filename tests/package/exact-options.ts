/** Options that may be left out and not be undefined, for the test that must find each of them. */
type Options =
  & {
    readonly exact?: string;
    readonly either?: string | undefined;
    readonly anything?: unknown;
    readonly list?: readonly { readonly listed?: number }[] | undefined;
    readonly answer?:
      | ((asked: { readonly received?: string }) => { readonly answered?: string })
      | undefined;
  }
  & Partial<{ readonly mapped: string }>;

/** Takes options, and returns what takes others. */
export const openExact = (
  _options: Options,
): { readonly seen?: string; call(input: { readonly behind?: boolean }): void } => ({
  call: () => {},
});
