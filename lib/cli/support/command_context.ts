import type { Environment } from "../../config/environment.ts";
import type { ReadText } from "../../config/read_text.ts";
import type { ReadBytes } from "./read_file.ts";

/** Everything that a command reads in addition to its arguments. */
export interface CommandContext {
  env: Environment;
  /** Reads the configuration and the files that it refers to. */
  read: ReadText;
  /** Reads the file with the body of a request. */
  readBytes: ReadBytes;
  /** The current time. */
  now: Date;
  /** Reads standard input to its end. */
  readInput: () => Promise<Uint8Array<ArrayBuffer>>;
}
