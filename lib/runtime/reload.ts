import { statSync } from "node:fs";
import { ConfigError } from "../config/config_error.ts";
import { describeChanges } from "../config/describe_changes.ts";
import type { Settings } from "../config/settings.ts";
import { warningsOf } from "../config/warnings.ts";
import type { RunningGateway } from "./listen.ts";
import type { Logger } from "./observe/log.ts";

// Files are polled: a rename, a symlink that is switched and a network file system are all noticed.
const POLL_MS = 250;

/**
 * Loads the settings again on SIGHUP and, unless they say otherwise, when one of their files changes.
 * A mistake changes nothing but the log, and is tried again until it is mended.
 *
 * @param initial those that the process started with
 * @param load reads them anew
 * @param gateway gets the new ones; running exchanges keep theirs
 * @param log told by name of what changed
 * @param onSignal called at each SIGHUP with what loads them and says whether it could; default: it is done
 * @returns ends it
 */
export function reloadOnChange(
  initial: Settings,
  load: () => Settings,
  gateway: RunningGateway,
  log: Logger,
  onSignal: (reload: () => boolean) => void = (reload) => reload(),
): () => void {
  let seen = fingerprint(initial.files);
  let previous = seen;
  let lastMistakes = "";

  function reload(): boolean {
    const before = gateway.settings();
    try {
      const after = load();
      seen = fingerprint(after.files);
      lastMistakes = "";
      gateway.configure(after);
      log.level = after.logLevel;
      const { needRestart } = describeChanges(initial, after);
      if (needRestart.length > 0) log.warn({ settings: needRestart }, "a restart is needed");
      for (const { code, text } of warningsOf(after, false)) log.warn({ code }, text);
      log.info({ changed: describeChanges(before, after).changed }, "configuration loaded");
      return true;
    } catch (error) {
      const mistakes = error instanceof ConfigError ? error.mistakes : [nameOf(error)];
      const text = mistakes.join("\n");
      if (text !== lastMistakes) log.error({ mistakes }, "configuration ignored");
      lastMistakes = text;
      return false;
    }
  }

  const poll = setInterval(() => {
    const { watch, files } = gateway.settings();
    if (!watch) return;
    const current = fingerprint(files);
    // What has not been the same twice may be half written.
    const isSettled = current === previous;
    previous = current;
    if (isSettled && (lastMistakes !== "" || current !== seen)) reload();
  }, POLL_MS);
  poll.unref();
  const onHangUp = () => {
    lastMistakes = "";
    onSignal(reload);
  };
  process.on("SIGHUP", onHangUp);
  return () => {
    clearInterval(poll);
    process.off("SIGHUP", onHangUp);
  };
}

function fingerprint(files: readonly string[]): string {
  return files.map(stateOf).join("\n");
}

function stateOf(file: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(file);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return "none";
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
