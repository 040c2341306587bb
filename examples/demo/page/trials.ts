import { TOKEN_TRIALS } from "./token_trials.ts";
import type { Trial } from "./trial.ts";
import { URL_TRIALS } from "./url_trials.ts";

/** Finds a trial by the name that its button has. */
export function findTrial(name: string | undefined): Trial {
  const trials: Readonly<Record<string, Trial>> = { ...TOKEN_TRIALS, ...URL_TRIALS };
  const trial = trials[name ?? ""];
  if (!trial) throw new TypeError(`there is no trial ${name}`);
  return trial;
}
