/** Run by `npm install`: makes the database image beforehand, so that a first start is quick. */
import { prepareImage } from "../../log/pglite/mod.ts";

await prepareImage();
