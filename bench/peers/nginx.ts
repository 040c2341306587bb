import { join } from "node:path";
import { freePort, type RunningServer, startServer } from "../processes.ts";

/**
 * Starts an nginx of its own, in the foreground, with one worker.
 *
 * @param template a file beside this one in `nginx/`, where `{{name}}` stands for a value
 * @param values the values; `port` and `folder` are added
 * @param folder where it may write
 */
export async function startNginx(
  template: string,
  values: Record<string, string | number>,
  folder: string,
): Promise<RunningServer> {
  const port = await freePort();
  const text = await Bun.file(join(import.meta.dir, "nginx", template)).text();
  const config = join(folder, template);
  await Bun.write(config, fill(text, { ...values, port, folder }));
  // Without -e it would open the log file of the system's nginx first.
  return startServer(["/usr/sbin/nginx", "-e", "stderr", "-p", folder, "-c", config], port);
}

function fill(template: string, values: Record<string, string | number>): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the template has no value for ${name}`);
    return `${value}`;
  });
}
