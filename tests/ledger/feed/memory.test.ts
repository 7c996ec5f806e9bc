import { openMemoryLog } from "../../../adapters/log/memory/mod.ts";
import { followingSpecifications } from "./suite.ts";

followingSpecifications("memory", () => Promise.resolve(openMemoryLog()));
