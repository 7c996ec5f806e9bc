/** A secret of webhooks as settings and options have it. */
import * as v from "valibot";
import { isSecret } from "./secret.ts";

/** A schema for a secret that webhooks are signed with; its messages reveal nothing of it. */
export const WebhookSecretSchema: v.GenericSchema<string> = v.pipe(
  v.string(),
  v.check(isSecret, "must be whsec_ and 24 to 64 bytes in base64"),
);
