import { openMemoryLog } from "../../../adapters/log/memory/mod.ts";
import { publishedSpecifications } from "./published-suite.ts";
import { followingSpecifications } from "./suite.ts";

followingSpecifications("memory", () => Promise.resolve(openMemoryLog()));
publishedSpecifications("memory", () => Promise.resolve(openMemoryLog()));
