// The API takes and sends samples of 16 bits at this rate, unless it is told otherwise.
const RATE = 24_000;

/** A piece of what the model says, as the API sends it. */
export interface AudioDelta {
  item_id: string;
  content_index: number;
  /** Samples in Base64. */
  delta: string;
}

/** How much of an item the user has heard, as the API is told. */
export interface Heard {
  item_id: string;
  content_index: number;
  audio_end_ms: number;
}

/** Plays what the model says. */
export interface Speaker {
  play(delta: AudioDelta): void;
  /** Falls silent. Returns what it was playing, if anything. */
  interrupt(): Heard[];
}

/** Opens a context at the rate of the API. Browsers allow it after a click. */
export function openContext(): AudioContext {
  return new AudioContext({ sampleRate: RATE });
}

/** Opens the microphone until the context is closed. Its port gets an `Int16Array` every 50 ms. */
export async function openMicrophone(context: AudioContext): Promise<MessagePort> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  context.addEventListener("statechange", () => {
    if (context.state === "closed") for (const track of stream.getTracks()) track.stop();
  });
  await context.audioWorklet.addModule("/microphone.js");
  const microphone = new AudioWorkletNode(context, "microphone", { numberOfOutputs: 0 });
  context.createMediaStreamSource(stream).connect(microphone);
  return microphone.port;
}

/** Creates a speaker, which plays one piece right after the other. */
export function createSpeaker(context: AudioContext): Speaker {
  const playing = new Set<AudioBufferSourceNode>();
  let item: Omit<AudioDelta, "delta"> = { item_id: "", content_index: 0 };
  let silenced: string | undefined; // the item that the user has interrupted
  let seconds = 0; // all of the item that has arrived
  let end = 0; // of its last piece, by the clock of the context
  return {
    play({ delta, item_id, content_index }) {
      if (item_id === silenced) return;
      if (item_id !== item.item_id) seconds = 0;
      item = { item_id, content_index };
      const source = new AudioBufferSourceNode(context, { buffer: toBuffer(delta) });
      source.connect(context.destination);
      const { duration } = source.buffer!;
      end = Math.max(end, context.currentTime);
      source.start(end);
      end += duration;
      seconds += duration;
      playing.add(source);
      source.onended = () => playing.delete(source);
    },
    interrupt() {
      if (playing.size === 0) return [];
      silenced = item.item_id;
      for (const source of playing) source.stop();
      const audio_end_ms = Math.floor((seconds - (end - context.currentTime)) * 1000);
      end = 0;
      return [{ ...item, audio_end_ms: Math.max(0, audio_end_ms) }];
    },
  };
}

function toBuffer(base64: string): AudioBuffer {
  const samples = new Int16Array(Uint8Array.fromBase64(base64).buffer);
  const buffer = new AudioBuffer({ length: samples.length, sampleRate: RATE });
  buffer.copyToChannel(
    Float32Array.from(samples, (sample) => sample / 0x8000),
    0,
  );
  return buffer;
}
