/** How strictly consumers may compile their own project, our declarations included. */
export const STRICT = {
  compilerOptions: {
    target: "es2022",
    lib: ["es2023", "dom", "dom.iterable"],
    module: "nodenext",
    types: ["node"],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    allowJs: true,
    checkJs: true,
    outDir: "built",
  },
  include: ["*.mts", "*.mjs"],
};
