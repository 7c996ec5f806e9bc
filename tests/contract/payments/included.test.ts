import { includedPayments } from "../../../adapters/payments/included.ts";
import { paymentsContract } from "./suite.ts";

paymentsContract("included in the subscription", () => includedPayments);
