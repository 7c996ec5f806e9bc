import { openPgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { publishedSpecifications } from "./published-suite.ts";
import { followingSpecifications } from "./suite.ts";

followingSpecifications("pglite", () => openPgliteLog({ folder: "memory" }));
publishedSpecifications("pglite", () => openPgliteLog({ folder: "memory" }));
