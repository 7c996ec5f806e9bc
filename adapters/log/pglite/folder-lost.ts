import { Unavailable } from "../../../core/log/unavailable.ts";
import { tag } from "../../../core/values/tag.ts";

/**
 * This process no longer holds its data folder, or cannot be sure that it does. It has written and
 * acknowledged nothing since, and never will: the log has to be opened again, best by a new
 * process.
 */
export class FolderLost extends Unavailable {
  static {
    tag(this, "FolderLost");
  }
  readonly isFinal = true;
}
