// Runs in the browser's audio thread: turns what the microphone hears into samples of 16 bits.
class Microphone extends AudioWorkletProcessor {
  #samples = new Int16Array(1200); // 50 ms
  #length = 0;

  process([[channel = []]]) {
    for (const value of channel) {
      this.#samples[this.#length++] = Math.max(-1, Math.min(value, 1)) * 0x7fff;
      if (this.#length < this.#samples.length) continue;
      this.port.postMessage(this.#samples.slice());
      this.#length = 0;
    }
    return true;
  }
}

registerProcessor("microphone", Microphone);
