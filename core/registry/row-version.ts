/**
 * The version of what the rows and claims hold: everything that is computed from the log and kept
 * beside it. It is raised whenever a fold, the work of a row or the claims of an event change, so
 * that the same log leads to other rows than before. Rows of another version are never used: the
 * database records which version made its rows, a start with another version rebuilds them from the
 * log or refuses, and a server whose version is not the database's appends nothing more.
 * `tests/domain/row-version.test.ts` fails when rows change and this does not.
 */
export const ROW_VERSION = 18;
