import { statSync } from "node:fs";
import { ConfigError } from "../config/config_error.ts";
import { describeChanges } from "../config/describe_changes.ts";
import type { Settings } from "../config/settings.ts";
import { warningsOf } from "../config/warnings.ts";
import type { RunningGateway } from "./listen.ts";
import type { Logger } from "./observe/log.ts";
import type { Metrics } from "./observe/metrics.ts";
import type { ServiceManager } from "./process/service_manager.ts";

/** Options of {@link reloadOnChange}. */
export interface ReloadOptions {
  /** Reads the settings anew; throws ConfigError when there is a mistake in them. */
  load: () => Settings;
  /** Gets the names of the settings that changed, or the mistakes. */
  log: Logger;
  /** Told of the reloads that SIGHUP asks for. */
  manager: ServiceManager;
  /** Counts reloads; mistakes count once, and not at each attempt. */
  metrics?: Pick<Metrics, "reloaded"> | undefined;
}

/** Settings that are loaded again when they change. */
export interface Reloading {
  /** Loads them now, and returns whether the new ones are in force. */
  reload: () => boolean;
  /** Ends it: from now on no change has an effect. */
  stop: () => void;
}

// Files are polled: a rename, a symlink that is switched and a network file system are all noticed.
const POLL_MS = 250;

/**
 * Loads the settings again on SIGHUP and, unless `watch` is off, when one of their files changes. A
 * mistake leaves the old settings in force; they are loaded again until it is corrected.
 *
 * @param gateway gets the new settings; running exchanges keep theirs
 * @param options how settings are loaded, the log and the service manager
 * @returns functions that load the settings at once, and that end all this
 */
export function reloadOnChange(gateway: RunningGateway, options: ReloadOptions): Reloading {
  const reloader = new Reloader(gateway, options);
  const onHangUp = () => reloader.reloadOnRequest();
  const polling = setInterval(() => reloader.poll(), POLL_MS);
  polling.unref();
  process.on("SIGHUP", onHangUp);
  return {
    reload: onHangUp,
    stop() {
      clearInterval(polling);
      process.off("SIGHUP", onHangUp);
    },
  };
}

class Reloader {
  readonly #gateway: RunningGateway;
  readonly #options: ReloadOptions;
  /** The settings that the process started with. */
  readonly #initial: Settings;
  /** The state of the files when they were last loaded. */
  #loadedState: string;
  /** The state of the files at the last poll. */
  #polledState: string;
  /** The mistakes of the last load, one on each line; empty when there were none. */
  #lastMistakes = "";

  constructor(gateway: RunningGateway, options: ReloadOptions) {
    this.#gateway = gateway;
    this.#options = options;
    this.#initial = gateway.settings();
    this.#loadedState = stateOfFiles(this.#initial.files);
    this.#polledState = this.#loadedState;
  }

  /** Loads the settings, tells the service manager, and logs mistakes even if they are the same again. */
  reloadOnRequest(): boolean {
    this.#lastMistakes = "";
    this.#options.manager.reloading();
    const isLoaded = this.#reload();
    this.#options.manager.reloaded(isLoaded);
    return isLoaded;
  }

  /** Loads the settings if a file has changed, or if the last load failed. */
  poll(): void {
    const { watch, files } = this.#gateway.settings();
    if (!watch) return;
    const state = stateOfFiles(files);
    // A file whose state has changed since the last poll may be half written.
    const isSettled = state === this.#polledState;
    this.#polledState = state;
    if (isSettled && (this.#lastMistakes !== "" || state !== this.#loadedState)) this.#reload();
  }

  #reload(): boolean {
    try {
      this.#apply(this.#options.load());
      return true;
    } catch (error) {
      this.#logMistakes(error instanceof ConfigError ? error.mistakes : [errorName(error)]);
      return false;
    }
  }

  #apply(settings: Settings): void {
    const { log, metrics } = this.#options;
    const before = this.#gateway.settings();
    this.#loadedState = stateOfFiles(settings.files);
    this.#gateway.configure(settings);
    this.#lastMistakes = "";
    metrics?.reloaded(true);
    log.level = settings.logLevel;
    const { needRestart } = describeChanges(this.#initial, settings);
    if (needRestart.length > 0) log.warn({ settings: needRestart }, "a restart is needed");
    for (const { code, text } of warningsOf(settings, false)) log.warn({ code }, text);
    log.info({ changed: describeChanges(before, settings).changed }, "configuration loaded");
  }

  #logMistakes(mistakes: readonly string[]): void {
    const text = mistakes.join("\n");
    if (text !== this.#lastMistakes) {
      this.#options.metrics?.reloaded(false);
      this.#options.log.error({ mistakes }, "configuration ignored");
    }
    this.#lastMistakes = text;
  }
}

/** Text that changes whenever one of the files does. */
function stateOfFiles(files: readonly string[]): string {
  return files.map(stateOfFile).join("\n");
}

function stateOfFile(path: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(path);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return "none";
  }
}

// The message stays out of the log, because it may quote a secret.
function errorName(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return `internal error (${typeof code === "string" ? code : String(name)})`;
}
