import { obey } from "../load/helper_process.ts";

// The client of big bodies, in a process of its own, so that its work is not that of the program.

export type BodyClientOrders = typeof orders;

/** What came of one exchange. */
export interface Transferred {
  /** As the receiver counted them. */
  bytes: number;
  /** What the upstream made of the Authorization header. */
  authorized: string | null;
}

const orders = {
  async download(url: string): Promise<Transferred> {
    const { status, headers, body } = await fetch(url, { proxy: false });
    if (status !== 200) throw new Error(`a download is answered with ${status}`);
    let bytes = 0;
    for await (const chunk of body!) bytes += chunk.length;
    return { bytes, authorized: headers.get("authorized") };
  },

  async upload(url: string, file: string): Promise<Transferred> {
    const response = await fetch(url, { method: "POST", body: Bun.file(file), proxy: false });
    if (response.status !== 200) throw new Error(`an upload is answered with ${response.status}`);
    return (await response.json()) as Transferred;
  },
};

obey(orders);
