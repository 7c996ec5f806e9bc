/** Reading compose.yaml: it may have what is listed here, so that a wrong key is noticed. */
import * as v from "valibot";
import { parse } from "yaml";
import { readImageFile } from "./dockerfile.ts";

const Texts = v.array(v.string());
const Variables = v.record(v.string(), v.string());
const Duration = v.pipe(v.string(), v.regex(/^\d+s$/));

/** A service, by the Compose Specification; of its keys those that are used. */
const Service = v.strictObject({
  image: v.string(),
  build: v.optional(v.strictObject({ context: v.string(), dockerfile: v.string() })),
  depends_on: v.optional(
    v.record(v.string(), v.strictObject({ condition: v.literal("service_healthy") })),
  ),
  environment: Variables,
  secrets: Texts,
  ports: v.optional(Texts, []),
  volumes: Texts,
  networks: Texts,
  healthcheck: v.optional(v.strictObject({
    test: v.tupleWithRest([v.literal("CMD")], v.string()),
    interval: Duration,
    timeout: Duration,
    retries: v.number(),
    start_period: Duration,
  })),
  init: v.optional(v.boolean(), false),
  stop_grace_period: Duration,
  restart: v.literal("unless-stopped"),
  read_only: v.optional(v.boolean(), false),
  tmpfs: v.optional(Texts, []),
  shm_size: v.optional(v.string()),
  cap_drop: Texts,
  cap_add: v.optional(Texts, []),
  security_opt: Texts,
  mem_limit: v.optional(v.string()),
  pids_limit: v.optional(v.number()),
  logging: v.strictObject({ driver: v.literal("local") }),
});

const Compose = v.strictObject({
  name: v.string(),
  services: v.strictObject({ server: Service, database: Service }),
  secrets: v.record(v.string(), v.strictObject({ file: v.string() })),
  volumes: v.record(v.string(), v.null()),
  networks: v.record(v.string(), v.nullable(v.strictObject({ internal: v.boolean() }))),
});

export type Compose = v.InferOutput<typeof Compose>;

export const readCompose = (): Compose => v.parse(Compose, parse(readImageFile("compose.yaml")));
