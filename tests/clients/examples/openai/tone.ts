/** Samples per second. */
export const RATE = 24_000;

/** As loud as this, and no silence. */
const LOUD = 1_000;

/** A tone, with a silence behind it, as samples of 16 bits. */
export function tone(frequency: number, seconds: number, silence = 0): Int16Array<ArrayBuffer> {
  const samples = new Int16Array((seconds + silence) * RATE);
  for (let at = 0; at < seconds * RATE; at++) {
    samples[at] = Math.sin((2 * Math.PI * frequency * at) / RATE) * 12_000;
  }
  return samples;
}

/** Whether some of it can be heard. */
export function isLoud(samples: Int16Array): boolean {
  return samples.some((sample) => Math.abs(sample) > LOUD);
}

/** The frequency of the loud part in Hz: by the median of the times after which it rises again. */
export function frequencyOf(samples: Int16Array): number {
  const rises: number[] = [];
  let isLow = false;
  for (const [at, sample] of samples.entries()) {
    if (isLow && sample > LOUD) rises.push(at);
    if (Math.abs(sample) > LOUD) isLow = sample < 0;
  }
  const periods = rises.slice(1).map((at, number) => at - rises[number]!);
  return RATE / periods.sort((a, b) => a - b)[periods.length >> 1]!;
}

/** A file with the samples: https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/WAVE.html */
export function wavOf(samples: Int16Array<ArrayBuffer>): Blob {
  const head = Buffer.alloc(HEAD_BYTES);
  head.write("RIFF", 0);
  head.writeUInt32LE(HEAD_BYTES - 8 + samples.byteLength, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16); // the length of what follows on the format
  head.writeUInt16LE(1, 20); // PCM
  head.writeUInt16LE(1, 22); // channels
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE * 2, 28); // bytes per second
  head.writeUInt16LE(2, 32); // bytes per sample
  head.writeUInt16LE(16, 34); // bits per sample
  head.write("data", 36);
  head.writeUInt32LE(samples.byteLength, 40);
  return new Blob([head, samples], { type: "audio/wav" });
}

/** The samples of such a file; undefined for any other. */
export async function samplesOf(wav: Blob): Promise<Int16Array | undefined> {
  const head = Buffer.from(await wav.slice(0, HEAD_BYTES).arrayBuffer()).toString("latin1");
  if (!head.startsWith("RIFF") || !head.includes("WAVEfmt ")) return undefined;
  return new Int16Array(await wav.slice(HEAD_BYTES).arrayBuffer());
}

const HEAD_BYTES = 44;
