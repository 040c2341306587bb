/** How the log is written. `auto`: as text on a terminal, else as JSON. */
export const LOG_FORMATS = ["auto", "json", "text"] as const;

/** One of {@link LOG_FORMATS}. */
export type LogFormat = (typeof LOG_FORMATS)[number];
