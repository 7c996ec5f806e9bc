/** What a command line asks for. */
import type { Head } from "../../core/ports/mod.ts";
import type { Mark } from "../ledger/api/feed.ts";
import type { Call } from "./calls/mod.ts";
import type { AskedToListen } from "./listen/mod.ts";
import type { Place } from "./target/mod.ts";

/** What is asked of a server, or of the ledger in a folder or a database. */
export type AskedOfLedger = {
  readonly command: "call";
  readonly call: Call;
  readonly place: Place;
  readonly isJson: boolean;
};

/** What `doctor` is to look at. */
export type AskedOfDoctor = {
  readonly command: "doctor";
  readonly place: Place;
  readonly isJson: boolean;
};

/** What `init` is to make. */
export type AskedToBegin = {
  readonly command: "init";
  readonly folder: string;
  readonly organization: string;
  /** What the organization is called; its id where it is left out. */
  readonly called: string | undefined;
  readonly plan: string;
  /** Whose the first token is. */
  readonly email: string;
  readonly port: number;
  readonly isJson: boolean;
};

/** A command with what it needs. */
export type Asked =
  | AskedOfLedger
  | AskedOfDoctor
  | AskedToBegin
  | AskedToListen
  /** Text to print: help, a version, completions. */
  | { readonly command: "print"; readonly text: string }
  | { readonly command: "serve" }
  | { readonly command: "mcp"; readonly place: Place }
  | { readonly command: "heads"; readonly isAccepted: boolean }
  | { readonly command: "check"; readonly organization: string | undefined }
  | { readonly command: "installation"; readonly isNew: boolean }
  | { readonly command: "export"; readonly organization: string }
  | { readonly command: "verify"; readonly file: string; readonly kept: Head | null }
  | { readonly command: "rebuild"; readonly organization: string | undefined }
  | {
    readonly command: "follow";
    readonly organization: string | undefined;
    readonly after: Mark;
  };

/** Takes what a command line asks for. */
export type Take = (asked: Asked) => void;
