import { postgresLogs } from "../../support/on-postgres.ts";
import { creditSpecifications } from "./suite.ts";

creditSpecifications("postgres", postgresLogs());
