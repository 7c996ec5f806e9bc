/**
 * Makes what an image has, without Docker: the steps of the Dockerfile one by one, each stage in a
 * folder that takes the place of its file system.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import process from "node:process";
import { inherited } from "../../support/server.ts";
import { ROOT } from "../../tidy/command.ts";
import {
  environmentOf,
  lastOf,
  readImageFile,
  type Stage,
  stagesOf,
  type Step,
} from "./dockerfile.ts";

/** Installs what this clone has, so that there it is enough to link to that. */
const FOR_DEVELOPMENT = "npm ci --ignore-scripts";

/** Whether steps may give files to other users, and programs be run as them. */
export const IS_ROOT = process.getuid?.() === 0;

/** What was made: paths in it begin with `root`, where those of the image begin with nothing. */
export type Image = {
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Whom its programs run as, where this process may run some as others. */
  readonly user: { readonly uid: number; readonly gid: number } | null;
  readonly command: readonly string[];
  readonly health: readonly string[];
  readonly signal: NodeJS.Signals;
  readonly volume: string;
};

/** What of the clone is taken, by the lines of the file that says so. */
const takenOf = (ignoring: string) => {
  const lines = ignoring.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const never = lines.filter((line) => line.startsWith("**/")).map((line) => line.slice(3));
  return {
    names: lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1)),
    isTaken: (path: string): boolean => !never.includes(basename(path)),
  };
};

const { names, isTaken } = takenOf(readImageFile("Dockerfile.dockerignore"));

const sh = (line: string, folder: string): void => {
  const options = { cwd: folder, env: inherited(), encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync("sh", ["-c", line], options);
  if (status !== 0) throw new Error(`${line}: ${stdout}${stderr}`);
};

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** The folders of all stages: what a path that begins with one of them means within a stage. */
const foldersOf = (stages: readonly Stage[]): readonly string[] => [
  ...new Set(
    stages.flatMap(({ steps }) => steps).filter(({ keyword }) => keyword === "WORKDIR")
      .map(({ text }) => text),
  ),
];

const copyFromClone = (sources: readonly string[], to: string): void => {
  const wanted = sources.includes(".") ? names : sources;
  for (const name of wanted) {
    cpSync(join(ROOT, name), join(to, name), { recursive: true, filter: isTaken });
  }
};

/** Makes an image in a new folder, which is removed when this process ends. */
export const buildImage = (): Image => {
  const stages = stagesOf(readImageFile("Dockerfile"));
  const folders = foldersOf(stages);
  const all = mkdtempSync(join(tmpdir(), "ledgerline-image-"));
  process.on("exit", () => rmSync(all, { recursive: true, force: true }));
  // The image's user has to reach what is below.
  chmodSync(all, 0o755);
  const rootOf = (stage: number): string => join(all, String(stage));
  const within = (stage: number, text: string): string =>
    folders.reduce((line, folder) => line.replaceAll(folder, join(rootOf(stage), folder)), text);

  const run = (stage: number, text: string, folder: string): void => {
    if (text === FOR_DEVELOPMENT) {
      symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "dir");
      return;
    }
    const line = IS_ROOT ? text : text.replace(/ --owner \d+ --group \d+/, "");
    sh(within(stage, line), folder);
  };
  const copy = (stage: number, { text, flags: { from } }: Step, folder: string): void => {
    const paths = text.split(" ");
    const to = paths.pop() ?? "";
    const target = to.startsWith("/") ? within(stage, to) : folder;
    mkdirSync(target, { recursive: true });
    if (from === undefined) return copyFromClone(paths, target);
    const source = stages.findIndex(({ name }) => name === from);
    for (const path of paths.map((path) => within(source, path))) {
      sh(`cp -R ${isFolder(path) ? `${path}/.` : path} ${target}`, all);
    }
  };

  stages.forEach(({ steps }, stage) => {
    mkdirSync(join(rootOf(stage), "var/lib"), { recursive: true });
    let folder = rootOf(stage);
    for (const step of steps) {
      if (step.keyword === "WORKDIR") {
        folder = join(rootOf(stage), step.text);
        mkdirSync(folder, { recursive: true });
      } else if (step.keyword === "RUN") run(stage, step.text, folder);
      else if (step.keyword === "COPY") copy(stage, step, folder);
    }
  });

  const last = stages.length - 1;
  const image = stages[last];
  if (image === undefined) throw new Error("there is no stage");
  const [uid = 0, gid = 0] = lastOf(image, "USER").text.split(":").map(Number);
  const commandOf = (keyword: string): readonly string[] =>
    (lastOf(image, keyword).json ?? []).map((word) => within(last, word));
  return {
    root: rootOf(last),
    environment: Object.fromEntries(
      Object.entries(environmentOf(image)).map(([name, value]) => [name, within(last, value)]),
    ),
    user: IS_ROOT ? { uid, gid } : null,
    command: [...commandOf("ENTRYPOINT"), ...commandOf("CMD")],
    health: commandOf("HEALTHCHECK"),
    signal: lastOf(image, "STOPSIGNAL").text as NodeJS.Signals,
    volume: within(last, lastOf(image, "VOLUME").text),
  };
};
