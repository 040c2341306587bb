/** What a provider reported about an exchange, in LLM tokens. */
export interface Usage {
  /** The model that answered. Absent: the answer does not name it. */
  model?: string;
  /** All input tokens, with those read from and written to a cache. */
  input: number;
  /** All output tokens, with those of reasoning. */
  output: number;
  /** Input tokens read from a cache. */
  cached?: number;
  /** Input tokens written to a cache. */
  cacheWrite?: number;
  /** Of these, the tokens in a cache that keeps them for an hour. */
  longCacheWrite?: number;
  /** Output tokens of reasoning. */
  reasoning?: number;
  /** Input tokens of audio. */
  audioInput?: number;
  /** Output tokens of audio. */
  audioOutput?: number;
}

/** Reads the usage from an answer while it is forwarded. */
export interface UsageReader {
  /** Reads the next piece of the body. */
  read: (piece: Uint8Array) => void;
  /** Reads a text message of a WebSocket. Absent: its messages have no usage. */
  readMessage?: (text: string) => void;
  /** The whole body was read. Absent: its last event or its syntax tells the end. */
  end?: () => void;
  /** The report. `undefined` until the operation's last event or the end of a complete JSON body was read. */
  report: () => Usage | undefined;
  /** Whether the operation's last event was read. Absent: the answer has none. */
  hasEnded?: () => boolean;
}

/** Reads from an answer why the model stopped, while it is forwarded. */
export interface FinishReader {
  /** Reads the next piece of the body. */
  read: (piece: Uint8Array) => void;
  /** The reasons, of a closed list; `undefined` when there were none. */
  readonly all: readonly string[] | undefined;
}
