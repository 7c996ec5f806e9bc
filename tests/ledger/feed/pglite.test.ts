import { openPgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { followingSpecifications } from "./suite.ts";

followingSpecifications("pglite", () => openPgliteLog({ folder: "memory" }));
