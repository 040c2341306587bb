import type { Settings } from "./settings.ts";

/** Something that works and had better be changed. */
export interface Warning {
  code: "secret_on_command_line" | "secret_short" | "headers_for_any_upstream" | "explain_on";
  text: string;
}

/**
 * Looks for what an operator should know before the first request.
 *
 * @param settings valid ones
 * @param secretOnCommandLine whether the secret was an argument
 */
export function warningsOf(settings: Settings, secretOnCommandLine: boolean): Warning[] {
  const warnings: Warning[] = [];
  if (secretOnCommandLine) {
    warnings.push({
      code: "secret_on_command_line",
      text: "every user of this machine can read the secret: pass it in SW_SECRET",
    });
  }
  for (const { id, secrets, upstreams } of settings.apps) {
    if (secrets.some(isShort)) warnings.push(shortSecret(`app ${JSON.stringify(id)}`));
    if (upstreams.some((rule) => !rule.url && rule.headers.length > 0)) {
      warnings.push({
        code: "headers_for_any_upstream",
        text: `every target that app ${JSON.stringify(id)} signs receives the injected headers: name the upstreams`,
      });
    }
  }
  for (const { path, signature } of settings.routes) {
    if (signature?.secrets.some(isShort)) warnings.push(shortSecret(`route ${path}`));
  }
  if (settings.explain) {
    warnings.push({ code: "explain_on", text: "--explain is meant for development" });
  }
  return warnings;
}

function isShort(secret: string): boolean {
  return new TextEncoder().encode(secret).length < 16;
}

function shortSecret(whose: string): Warning {
  const text = `a secret of ${whose} is shorter than 16 bytes and can be guessed`;
  return { code: "secret_short", text };
}
