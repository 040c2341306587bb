import { ConfigError } from "../config/config_error.ts";
import { describeChanges } from "../config/describe_changes.ts";
import type { Settings } from "../config/settings.ts";
import { withStartValues } from "../config/start_values.ts";
import { warningsOf } from "../config/warnings/warnings.ts";
import type { RunningGateway } from "./listen.ts";
import type { Logger } from "./observe/log.ts";
import type { Metrics } from "./observe/metrics.ts";
import { stateOfFiles } from "./process/file_state.ts";
import type { HangUps } from "./process/hang_ups.ts";
import type { ServiceManager } from "./process/service_manager.ts";

/** Settings that were read from files. */
export interface LoadedSettings {
  settings: Settings;
  /** The state of their files before they were read, from {@link stateOfFiles}. A file that changes later is read again. */
  state: string;
}

/** Options of {@link reloadOnChange}. */
export interface ReloadOptions {
  /** Reads the settings again. Throws ConfigError with their mistakes. */
  load: () => LoadedSettings;
  /** The state of the files that the settings in force were read from, from {@link stateOfFiles}. */
  state: string;
  /** Called when settings that were read again are in force, with the state of their files. */
  onLoaded?: ((settings: Settings, state: string) => void) | undefined;
  /** Tells of each SIGHUP. */
  hangUps: Pick<HangUps, "listen">;
  /** The log, which gets the names of changed settings, or the mistakes. */
  log: Logger;
  /** The service manager, which is notified of reloads by SIGHUP. */
  manager: ServiceManager;
  /** Counts reloads. Repeated attempts with the same mistakes count once. */
  metrics?: Pick<Metrics, "reloaded"> | undefined;
}

/** The control of a gateway whose settings are reloaded. */
export interface Reloading {
  /** Reloads the settings now, and returns whether the new settings are in force. */
  reload: () => boolean;
  /** Stops reloading on changes and on SIGHUP. */
  stop: () => void;
}

// Polling notices renames, switched symlinks and changes on network file systems.
const POLL_MS = 250;

/**
 * Reloads the settings on SIGHUP and, unless `watch` is off, when one of their files changes. With a mistake,
 * the old settings stay in force, and the files are read again until the mistake is corrected.
 *
 * @param gateway the gateway, which gets the new settings; running exchanges keep their settings
 * @param options the function that loads settings, the log, the service manager and the metrics
 * @returns functions that reload at once, and that stop reloading
 */
export function reloadOnChange(gateway: RunningGateway, options: ReloadOptions): Reloading {
  const reloader = new Reloader(gateway, options);
  const onHangUp = () => reloader.reloadOnRequest();
  const polling = setInterval(() => reloader.poll(), POLL_MS);
  polling.unref();
  const stopListening = options.hangUps.listen(onHangUp);
  return {
    reload: onHangUp,
    stop() {
      clearInterval(polling);
      stopListening();
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
  /** The mistakes of the last load, one per line; empty when it succeeded. */
  #lastMistakes = "";

  constructor(gateway: RunningGateway, options: ReloadOptions) {
    this.#gateway = gateway;
    this.#options = options;
    this.#initial = gateway.settings();
    this.#loadedState = options.state;
    this.#polledState = options.state;
  }

  /** Reloads the settings, notifies the service manager, and logs mistakes even if they are known. */
  reloadOnRequest(): boolean {
    this.#lastMistakes = "";
    this.#options.manager.reloading();
    const isLoaded = this.#reload();
    this.#options.manager.reloaded(isLoaded);
    return isLoaded;
  }

  /** Reloads the settings if a file has changed, or if the last load failed. */
  poll(): void {
    const { watch, files } = this.#gateway.settings();
    if (!watch) return;
    const state = stateOfFiles(files);
    // A file that has changed since the last poll may be only partly written.
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

  #apply({ settings, state }: LoadedSettings): void {
    const { log, metrics } = this.#options;
    const before = this.#gateway.settings();
    this.#loadedState = state;
    // Where TLS is turned off, the listener keeps its latest certificate.
    const { tls = this.#initial.tls } = before;
    this.#gateway.configure(withStartValues(settings, { ...this.#initial, ...(tls && { tls }) }));
    this.#options.onLoaded?.(settings, state);
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

// The message of the error is not logged, because it may quote a secret.
function errorName(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return `internal error (${typeof code === "string" ? code : String(name)})`;
}
