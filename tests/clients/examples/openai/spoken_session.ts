import type { RealtimeClientEvent, RealtimeServerEvent } from "openai/resources/realtime/realtime";
import { frequencyOf, isLoud, RATE, tone } from "./tone.ts";

/** One conversation of a client with the model. */
export interface SpokenSession {
  model: string | null;
  /** All that the client has sent, by its type and without its audio. */
  events: ClientEvent[];
  /** What is being said. Absent: nobody speaks. */
  speech?: { item_id: string; samples: Int16Array[]; quiet: number };
  session: { audio?: { input?: { transcription?: unknown } } };
  isClosed: boolean;
}

interface ClientEvent {
  type: RealtimeClientEvent["type"];
  [member: string]: unknown;
}

interface ServerEvent {
  type: RealtimeServerEvent["type"];
  [member: string]: unknown;
}

type Socket = Bun.ServerWebSocket<SpokenSession>;

/** Samples of silence, after which somebody has finished. */
const PAUSE = 0.3 * RATE;

/** What the model answers with: longer than a speaker pauses, so that the next one interrupts it. */
export const ANSWER = { frequency: 1_000, seconds: 3, text: "I sing an octave higher." };

/**
 * The part of https://platform.openai.com/docs/api-reference/realtime for a conversation in which the server
 * listens for the end of each sentence (`server_vad`, the default).
 */
export const SPOKEN: Bun.WebSocketHandler<SpokenSession> = {
  idleTimeout: 0,
  open(socket) {
    const { model } = socket.data;
    send(socket, { type: "session.created", session: { type: "realtime", model } });
  },
  message(socket, message) {
    const event: ClientEvent = JSON.parse(String(message));
    if (event.type === "input_audio_buffer.append") return hear(socket, String(event["audio"]));
    socket.data.events.push(event);
    if (event.type === "session.update") {
      socket.data.session = event["session"] as SpokenSession["session"];
      return send(socket, { type: "session.updated", session: event["session"] });
    }
    if (event.type === "conversation.item.truncate") {
      return send(socket, { ...event, type: "conversation.item.truncated" });
    }
    send(socket, { type: "error", error: { message: `Invalid value: '${event.type}'.` } });
  },
  close(socket) {
    socket.data.isClosed = true;
  },
};

function hear(socket: Socket, audio: string): void {
  const samples = new Int16Array(Uint8Array.fromBase64(audio).buffer);
  const { data } = socket;
  const hasSound = isLoud(samples);
  if (!data.speech) {
    if (!hasSound) return;
    data.speech = { item_id: `item_${crypto.randomUUID()}`, samples: [], quiet: 0 };
    const { item_id } = data.speech;
    send(socket, { type: "input_audio_buffer.speech_started", item_id, audio_start_ms: 0 });
  }
  data.speech.samples.push(samples);
  data.speech.quiet = hasSound ? 0 : data.speech.quiet + samples.length;
  if (data.speech.quiet < PAUSE) return;
  answer(socket, data.speech);
  delete data.speech;
}

function answer(socket: Socket, { item_id, samples }: NonNullable<SpokenSession["speech"]>): void {
  const heard = Int16Array.from(samples.flatMap((piece) => [...piece]));
  const item = { item_id, content_index: 0 };
  send(socket, { type: "input_audio_buffer.speech_stopped", item_id, audio_end_ms: 0 });
  send(socket, { type: "input_audio_buffer.committed", item_id, previous_item_id: null });
  const said = { item_id: `item_${crypto.randomUUID()}`, content_index: 0, output_index: 0 };
  send(socket, { type: "response.created", response: { status: "in_progress" } });
  for (const delta of ANSWER.text.match(/\s*\S+/g) ?? []) {
    send(socket, { type: "response.output_audio_transcript.delta", ...said, delta });
  }
  for (let tenth = 0; tenth < ANSWER.seconds * 10; tenth++) {
    const delta = new Uint8Array(tone(ANSWER.frequency, 0.1).buffer).toBase64();
    send(socket, { type: "response.output_audio.delta", ...said, delta });
  }
  if (socket.data.session.audio?.input?.transcription) {
    const type = "conversation.item.input_audio_transcription.completed";
    send(socket, { type, ...item, transcript: `A tone of ${frequencyOf(heard)} Hz` });
  }
  send(socket, { type: "response.done", response: { status: "completed" } });
}

function send(socket: Socket, event: ServerEvent): void {
  socket.send(JSON.stringify({ event_id: `event_${crypto.randomUUID()}`, ...event }));
}
