import type { Environment } from "../arguments/environment.ts";
import type { ReadBytes, ReadText } from "./read_file.ts";

/** The surroundings of a command: everything that it reads beside its arguments. */
export interface CommandContext {
  env: Environment;
  /** Reads the configuration and the files that it refers to. */
  read: ReadText;
  /** Reads the file of a request's body. */
  readBytes: ReadBytes;
  /** The current time. */
  now: Date;
}
