import { handleCalls } from "../load/helper_process.ts";

// The client of big bodies, in a process of its own, so that its work does not count as the bench's.

export type BodyClientHandlers = typeof handlers;

/** The result of one exchange. */
export interface Transfer {
  /** The length of the body, as its receiver counted it. */
  bytes: number;
  /** Whether the upstream accepted the Authorization header: `yes` or `no`. */
  authorized: string | null;
}

const handlers = {
  async download(url: string): Promise<Transfer> {
    const { status, headers, body } = await fetch(url, { proxy: false });
    if (status !== 200) throw new Error(`a download is answered with ${status}`);
    let bytes = 0;
    for await (const chunk of body!) bytes += chunk.length;
    return { bytes, authorized: headers.get("authorized") };
  },

  async upload(url: string, file: string): Promise<Transfer> {
    const response = await fetch(url, { method: "POST", body: Bun.file(file), proxy: false });
    if (response.status !== 200) throw new Error(`an upload is answered with ${response.status}`);
    return (await response.json()) as Transfer;
  },
};

handleCalls(handlers);
