import { openPgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { eventLogContract } from "./suite.ts";

eventLogContract("pglite", () => openPgliteLog({ folder: "memory" }));
