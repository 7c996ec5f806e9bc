/** Changes of an SQL text that tests of it should notice. */

/** A change: what is from `start` to `end` becomes `replacement`. */
export type Edit = { readonly start: number; readonly end: number; readonly replacement: string };

/** Represents an expression that is put into a text, with its number. */
export const hole = (index: number): string => `\u0001${index}\u0001`;

type Token = { readonly text: string; readonly start: number; readonly end: number; depth: number };

const TOKEN =
  /\u0001\d+\u0001|'(?:[^']|'')*'|--[^\n]*|[a-zA-Z_][\w.]*|\$\d+|\d+(?:\.\d+)?|::|<=|>=|<>|\|\||->>|->|[^\s]/g;

const tokensOf = (sql: string): readonly Token[] => {
  let depth = 0;
  return [...sql.matchAll(TOKEN)].map(({ 0: found, index }) => {
    const text = found.toLowerCase();
    if (text === ")") depth -= 1;
    const token = { text, start: index, end: index + found.length, depth };
    if (text === "(") depth += 1;
    return token;
  });
};

/** Words that end a condition, a sort order or a limit on their level. */
const BOUNDARY = new Set(
  "and or where order limit offset on returning group union for then else when end rows as do set from loop ;"
    .split(" "),
);

/** The words of comparisons, and what each becomes. */
const FLIPS: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "<>": "=",
  "+": "-",
  "-": "+",
  greatest: "least",
  least: "greatest",
  min: "max",
  max: "min",
  and: "or",
  or: "and",
  exists: "not exists",
};

/** Phrases that may be left out, or become another. */
const PHRASES: readonly (readonly [string, string])[] = [
  ["desc", ""],
  ["distinct", ""],
  ["not null", ""],
  ["unique", ""],
  ["if not exists", ""],
  ["if exists", ""],
  [`collate " c "`, ""],
  ["for update", ""],
  ["for share", ""],
  ["skip locked", ""],
  ["is null", "is not null"],
  ["is not null", "is null"],
  ["is true", "is not true"],
  ["is not true", "is true"],
  ["not exists", "exists"],
  ["not in", "in"],
  ["union all", "except all"],
];

/** Whether the `and` at this place belongs to `between`. */
const isBetween = (tokens: readonly Token[], at: number): boolean => {
  const depth = tokens[at]?.depth;
  for (let before = at - 1; before >= 0; before--) {
    const token = tokens[before];
    if (token === undefined || token.depth < (depth ?? 0)) return false;
    if (token.depth > (depth ?? 0)) continue;
    if (token.text === "between") return true;
    if (BOUNDARY.has(token.text)) return false;
  }
  return false;
};

/** The place behind the part that begins at `from`: its level ends there, or a boundary follows. */
const endOf = (tokens: readonly Token[], from: number): number => {
  const depth = tokens[from]?.depth ?? 0;
  let at = from;
  for (; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined || token.depth < depth) break;
    const isEnd = token.depth === depth && BOUNDARY.has(token.text) &&
      !(token.text === "and" && isBetween(tokens, at));
    if (at > from && isEnd) break;
  }
  return at;
};

/** Whether `=` at this place assigns: after `set`, or a comma of it. */
const isAssignment = (tokens: readonly Token[], at: number): boolean => {
  const depth = tokens[at]?.depth ?? 0;
  for (let before = at - 1; before >= 0; before--) {
    const token = tokens[before];
    if (token === undefined || token.depth < depth) return false;
    if (token.depth === depth && token.text === "set") return true;
    if (token.depth === depth && /^(where|and|or|on|when|select)$/.test(token.text)) return false;
  }
  return false;
};

/** What becomes of `on conflict` at this place: it does nothing more, or is left out. */
const conflictOf = (tokens: readonly Token[], at: number): readonly [number, number, string] => {
  const depth = tokens[at]?.depth ?? 0;
  const next = (is: (token: Token) => boolean): number => {
    const found = tokens.findIndex((token, index) => index > at && is(token));
    return found < 0 ? tokens.length : found;
  };
  const update = next(({ text }) => text === "update");
  const nothing = next(({ text }) => text === "nothing");
  if (nothing < update) return [at, nothing + 1, ""];
  const end = next((token) => token.depth < depth || token.text === "returning");
  return [update, end, "nothing"];
};

/** The edits of an SQL text. An expression in it is written as `hole` gives it. */
export const editsOf = (sql: string): readonly Edit[] => {
  const tokens = tokensOf(sql);
  const edits: Edit[] = [];
  /** Replaces the tokens from `from` to before `to`. */
  const put = (from: number, to: number, replacement: string): void => {
    const [first, last] = [tokens[from], tokens[to - 1]];
    if (first !== undefined && last !== undefined) {
      edits.push({ start: first.start, end: last.end, replacement });
    }
  };
  const words = (from: number, count: number): string =>
    tokens.slice(from, from + count).map(({ text }) => text).join(" ");

  for (const [at, { text, depth }] of tokens.entries()) {
    const flip = FLIPS[text];
    const previous = tokens[at - 1]?.text ?? "";
    const isNegated = previous === "not" || previous === "if";
    const isSign = (text === "-" || text === "+") && (previous === "(" || previous === ",");
    if (flip !== undefined && !isNegated && !isSign && !(text === "and" && isBetween(tokens, at))) {
      put(at, at + 1, flip);
    }
    if (text === "=" && !isAssignment(tokens, at)) put(at, at + 1, "<>");
    if (text === "in" && !isNegated && tokens[at + 1]?.text === "(") put(at, at + 1, "not in");
    for (const [phrase, other] of PHRASES) {
      const count = phrase.split(" ").length;
      // What a longer phrase begins with is not one of its own.
      const isPart = phrase === "not exists" && previous === "if" ||
        phrase === "not null" && previous === "is";
      if (!isPart && words(at, count) === phrase) put(at, at + count, other);
    }
    if (text === "where" && tokens[at + 1] !== undefined) {
      put(at + 1, endOf(tokens, at + 1), "true");
    }
    if (text === "and" && !isBetween(tokens, at)) {
      put(at, Math.max(at + 2, endOf(tokens, at + 1)), "");
    }
    if (text === "or") put(at, Math.max(at + 2, endOf(tokens, at + 1)), "");
    if (words(at, 2) === "order by") {
      const end = endOf(tokens, at + 2);
      put(at, end, "");
      let item = at + 2;
      while (item < end && !(tokens[item]?.text === "," && tokens[item]?.depth === depth)) {
        item += 1;
      }
      if (tokens[item - 1]?.text !== "desc") {
        const first = sql.slice(tokens[at + 2]?.start, tokens[item - 1]?.end);
        put(at + 2, item, `${first} desc`);
      }
    }
    if (text === "limit") put(at, endOf(tokens, at + 1), "");
    if (words(at, 2) === "on conflict") {
      const [from, to, other] = conflictOf(tokens, at);
      put(from, to, other);
    }
    if (text === "coalesce" && tokens[at + 1]?.text === "(") {
      const comma = tokens.findIndex((token, index) =>
        index > at && token.text === "," && token.depth === depth + 1
      );
      const close = tokens.findIndex((token, index) => index > at + 1 && token.depth === depth);
      if (comma > at && close > comma) {
        put(at, close + 1, sql.slice(tokens[at + 2]?.start, tokens[comma - 1]?.end));
      }
    }
  }
  return edits.filter(({ start, end, replacement }) => sql.slice(start, end) !== replacement);
};

/** Whether a text is SQL, or a part of it. */
export const isSql = (text: string): boolean =>
  /(?:^|[\s(])(?:select (?!a )|insert into|delete from |update \S+ |order by|limit [$\d\u0001]|on conflict|exists \(|is (?:not )?null|for update|create (?:table|index|unique)|alter table|unnest\(|coalesce\(|least\()/
    .test(text) || /\b(?:and|where) \(?[\w.]+(?:, [\w.$]+\))? (?:=|<>|<|>|<=|>=|in) /.test(text);
