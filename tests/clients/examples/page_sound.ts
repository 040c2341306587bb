import type { Page } from "../chromium.ts";

/** Measures all that a page plays from now on. Call it before the page opens a context. */
export async function listenToPage(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { connect } = AudioNode.prototype;
    AudioNode.prototype.connect = function (this: AudioNode, target: any): any {
      if (target instanceof AudioDestinationNode) {
        const analyser = ((target as any).analyser ??= new AnalyserNode(target.context as any));
        (globalThis as any).analyser = analyser;
        connect.call(this, analyser);
      }
      return connect.call(this, target);
    };
  });
}

/** The frequency of what the page plays now, in Hz; 0 while it is silent. */
export function loudestFrequency(page: Page): Promise<number> {
  return page.evaluate(() => {
    const analyser: AnalyserNode | undefined = (globalThis as any).analyser;
    if (!analyser) return 0;
    const levels = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(levels);
    const loudest = Math.max(...levels);
    if (loudest < -60) return 0;
    return (levels.indexOf(loudest) * analyser.context.sampleRate) / analyser.fftSize;
  });
}
