import { openMemoryLog } from "../../../adapters/log/memory/mod.ts";
import { eventLogContract } from "./suite.ts";

eventLogContract("memory", () => Promise.resolve(openMemoryLog()));
