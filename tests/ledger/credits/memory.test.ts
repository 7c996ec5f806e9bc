import { openMemoryLog } from "../../../adapters/log/memory/mod.ts";
import { creditSpecifications } from "./suite.ts";

creditSpecifications("memory", () => Promise.resolve(openMemoryLog()));
