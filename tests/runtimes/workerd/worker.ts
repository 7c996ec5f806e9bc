export { default } from "ledgerline/workerd";
