import { openPgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { creditSpecifications } from "./suite.ts";

creditSpecifications("pglite", () => openPgliteLog({ folder: "memory" }));
