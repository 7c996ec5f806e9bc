import type { Organization } from "../../../core/organization/state.ts";

/** An organization as the operator sees it. */
export type OrganizationView = Organization & { readonly id: string };
