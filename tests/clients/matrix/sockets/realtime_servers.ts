/** What a server of a realtime API was sent. */
export interface Handshake {
  /** Path and query. */
  target: string;
  headers: Record<string, string>;
}

/** A server that speaks a provider's protocol. */
export interface RealtimeServer extends Disposable {
  origin: string;
  host: string;
  handshakes: Handshake[];
  /** The messages of its clients: texts, and the lengths of binary ones. */
  messages: (string | number)[];
}

/** What a server says. */
interface Protocol {
  /** The header that has to hold its key. */
  header: string;
  /** The sub-protocol that it chooses of those that are offered. Default: none. */
  choose?: (offered: readonly string[]) => string | undefined;
  /** What it sends at first. Default: nothing. */
  hello?: readonly object[];
  /** Whether it sends its documents as bytes, as Google does. Default: no. */
  sendsBytes?: boolean;
  /** What it answers; the last one may be a close. */
  answer: (message: Document | Uint8Array) => readonly (object | "close")[];
}

type Document = Record<string, unknown> & { type?: string };

const EVENT_ID = { event_id: "event_1" };
const RESPONSE = { object: "realtime.response", id: "resp_1", output: [] };
const USAGE = { total_tokens: 12, input_tokens: 8, output_tokens: 4 };
const OF_ITEM = { ...EVENT_ID, response_id: "resp_1", item_id: "item_1" };

function answerOfOpenAI(message: Document | Uint8Array): readonly object[] {
  if (message instanceof Uint8Array) return [];
  const { type, session, item } = message;
  if (type === "session.update") return [{ ...EVENT_ID, type: "session.updated", session }];
  if (type === "conversation.item.create") {
    return [
      { ...EVENT_ID, type: "conversation.item.added", item: { id: "item_0", ...(item as object) } },
    ];
  }
  if (type !== "response.create") return [];
  const part = { output_index: 0, content_index: 0 };
  return [
    { ...EVENT_ID, type: "response.created", response: { ...RESPONSE, status: "in_progress" } },
    { ...OF_ITEM, ...part, type: "response.output_text.delta", delta: "Grü" },
    { ...OF_ITEM, ...part, type: "response.output_text.delta", delta: "ße" },
    { ...OF_ITEM, ...part, type: "response.output_text.done", text: "Grüße" },
    {
      ...EVENT_ID,
      type: "response.done",
      response: { ...RESPONSE, status: "completed", usage: USAGE },
    },
  ];
}

/** The APIs, by their providers. */
export const PROTOCOLS = {
  openai: {
    header: "authorization",
    choose: (offered) => (offered.includes("realtime") ? "realtime" : undefined),
    hello: [{ ...EVENT_ID, type: "session.created", session: { type: "realtime", id: "sess_1" } }],
    answer: answerOfOpenAI,
  },
  google: {
    header: "x-goog-api-key",
    sendsBytes: true,
    answer(message) {
      if (message instanceof Uint8Array) return [];
      if ("setup" in message) return [{ setupComplete: {} }];
      const parts = [{ text: "Grüße" }];
      return [
        { serverContent: { modelTurn: { parts } } },
        { serverContent: { turnComplete: true } },
      ];
    },
  },
  deepgram: {
    header: "authorization",
    answer(message) {
      if (message instanceof Uint8Array) {
        const channel = { alternatives: [{ transcript: "Grüße", confidence: 1, words: [] }] };
        return [{ type: "Results", channel_index: [0, 1], is_final: true, channel }];
      }
      return message.type === "CloseStream" ? [{ type: "Metadata", request_id: "r" }, "close"] : [];
    },
  },
  assemblyai: {
    header: "authorization",
    hello: [{ type: "Begin", id: "session-1", expires_at: 1_900_000_000 }],
    answer(message) {
      if (message instanceof Uint8Array) {
        const turn = { turn_order: 0, turn_is_formatted: true, end_of_turn: true, words: [] };
        return [{ type: "Turn", transcript: "Grüße", end_of_turn_confidence: 1, ...turn }];
      }
      const ended = { audio_duration_seconds: 1, session_duration_seconds: 1 };
      return message.type === "Terminate" ? [{ type: "Termination", ...ended }, "close"] : [];
    },
  },
  elevenlabs: {
    header: "xi-api-key",
    choose: (offered) => (offered.includes("convai") ? "convai" : undefined),
    answer(message) {
      if (message instanceof Uint8Array) return [];
      const { type } = message;
      if (type === "conversation_initiation_client_data") {
        const formats = {
          agent_output_audio_format: "pcm_16000",
          user_input_audio_format: "pcm_16000",
        };
        const metadata = { conversation_id: "conv_1", ...formats };
        return [
          {
            type: "conversation_initiation_metadata",
            conversation_initiation_metadata_event: metadata,
          },
        ];
      }
      if (type === "user_message") {
        return [
          {
            type: "agent_response",
            agent_response_event: { agent_response: "Grüße", event_id: 1 },
          },
        ];
      }
      if (message["message_type"] !== "input_audio_chunk") return [];
      return [{ message_type: "committed_transcript", text: "Grüße" }];
    },
  },
} as const satisfies Record<string, Protocol>;

export type ProviderName = keyof typeof PROTOCOLS;

interface State {
  send: (document: object) => void;
}

/** Starts a server that accepts nobody without its key. */
export function startRealtimeServer(name: ProviderName, key: string): RealtimeServer {
  const protocol: Protocol = PROTOCOLS[name];
  const handshakes: Handshake[] = [];
  const messages: (string | number)[] = [];
  const server = Bun.serve<State>({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request, listener) {
      const { pathname, search } = new URL(request.url);
      handshakes.push({ target: pathname + search, headers: Object.fromEntries(request.headers) });
      if (!(request.headers.get(protocol.header) ?? "").endsWith(key)) {
        return new Response("who are you?", { status: 401 });
      }
      const offered = (request.headers.get("sec-websocket-protocol") ?? "").split(", ");
      const chosen = protocol.choose?.(offered) ?? "";
      const headers = { "Sec-WebSocket-Protocol": chosen };
      const isOpen = listener.upgrade(request, { headers, data: { send: () => {} } });
      return isOpen ? undefined : new Response(null, { status: 400 });
    },
    websocket: {
      open(socket) {
        socket.data.send = (document) => {
          const text = JSON.stringify(document);
          socket.send(protocol.sendsBytes ? Buffer.from(text) : text);
        };
        // Scribe's server speaks first, and the one of agents does not.
        for (const document of protocol.hello ?? []) socket.data.send(document);
      },
      message(socket, message) {
        messages.push(typeof message === "string" ? message : message.length);
        const read = typeof message === "string" ? (JSON.parse(message) as Document) : message;
        for (const answer of protocol.answer(read)) {
          if (answer === "close") socket.close(1000);
          else socket.data.send(answer);
        }
      },
    },
  });
  const { origin, host } = server.url;
  return { origin, host, handshakes, messages, [Symbol.dispose]: () => void server.stop(true) };
}
