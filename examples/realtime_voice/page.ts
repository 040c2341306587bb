// A spoken conversation over one WebSocket: https://platform.openai.com/docs/guides/realtime-websocket
import { createSpeaker, openContext, openMicrophone, type Speaker } from "./audio.ts";

const URL = "ws://localhost:3000/api.openai.com/v1/realtime?model=gpt-realtime";

/** What the model is told first. It answers by itself when the user falls silent. */
const SESSION = {
  type: "realtime",
  instructions: "You are a friendly guide. Answer in one or two sentences.",
  audio: { input: { transcription: { model: "gpt-4o-mini-transcribe" } } },
};

const button = document.querySelector("button")!;
const status = document.querySelector("[role=status]")!;
const log = document.querySelector("[role=log]")!;

button.onclick = start;

async function start(): Promise<void> {
  const context = openContext();
  button.disabled = true;
  try {
    const microphone = await openMicrophone(context);
    const { code, reason } = await converse(context, microphone, await fetchToken());
    status.textContent = `Ended with ${code}. ${reason}`;
  } catch (error) {
    status.textContent = error instanceof Error ? error.message : String(error);
  }
  await context.close();
  button.textContent = "Start";
  button.disabled = false;
  button.onclick = start;
}

async function fetchToken(): Promise<string> {
  const response = await fetch("/token", { method: "POST" });
  const { token, error } = await response.json();
  if (!response.ok) throw new Error(error);
  return token;
}

/** Talks until the user or the gateway ends it. The token is where OpenAI's own clients have their key. */
function converse(
  context: AudioContext,
  microphone: MessagePort,
  token: string,
): Promise<CloseEvent> {
  const speaker = createSpeaker(context);
  const socket = new WebSocket(URL, ["realtime", `openai-insecure-api-key.${token}`]);
  const send = (event: object) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(event));
  };
  microphone.onmessage = ({ data }: MessageEvent<Int16Array<ArrayBuffer>>) =>
    send({ type: "input_audio_buffer.append", audio: new Uint8Array(data.buffer).toBase64() });
  socket.onopen = () => {
    send({ type: "session.update", session: SESSION });
    status.textContent = "Speak.";
    button.textContent = "Stop";
    button.disabled = false;
    button.onclick = () => socket.close();
  };
  socket.onmessage = ({ data }) => follow(JSON.parse(data), speaker, send);
  return new Promise((resolve) => (socket.onclose = resolve));
}

function follow(event: any, speaker: Speaker, send: (event: object) => void): void {
  switch (event.type) {
    case "input_audio_buffer.speech_started":
      // The model is to know what the user has heard of it.
      for (const heard of speaker.interrupt())
        send({ type: "conversation.item.truncate", ...heard });
      return;
    case "input_audio_buffer.committed":
      return void lineOf(event.item_id, "You");
    case "conversation.item.input_audio_transcription.completed":
      return lineOf(event.item_id, "You").append(event.transcript);
    case "response.output_audio.delta":
      return speaker.play(event);
    case "response.output_audio_transcript.delta":
      return lineOf(event.item_id, "Model").append(event.delta);
    case "error":
      status.textContent = event.error.message;
  }
}

/** The line of the conversation for something that was said, which is empty at first. */
function lineOf(itemId: string, speaker: string): HTMLElement {
  const found = document.getElementById(itemId);
  if (found) return found;
  const line = document.createElement("p");
  line.id = itemId;
  const name = document.createElement("strong");
  name.append(`${speaker}: `);
  line.append(name);
  log.append(line);
  return line;
}
