import { mayServe } from "./arguments/commands.ts";
import { hasInheritedDescriptors } from "../runtime/process/descriptors.ts";
import { programArguments } from "../runtime/process/program_arguments.ts";
import { relaunchWithSettings } from "../runtime/process/relaunch.ts";

/**
 * Starts the program. A process that is going to serve is relaunched before the rest of the program is loaded, so that the
 * rest is loaded only once.
 *
 * @returns the exit code
 */
export async function start(): Promise<number> {
  const args = programArguments();
  // A relaunch closes descriptors, and a setting may be read from one: `--config /dev/fd/3`.
  if (mayServe(args) && !hasInheritedDescriptors()) relaunchWithSettings();
  const { main } = await import("./main.ts");
  return main(args, process.env);
}
