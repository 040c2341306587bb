/** What is asked for. */
export const UPSTREAM = "https://api.example.com/v1/chat?a=b%20c";

/** A request as it was sent. */
export interface Sent {
  url: string;
  method: string;
  headers: Headers;
  body: string;
}

/** A fetch that answers in turn, and what was sent with it. */
export function scripted(answers: (() => Response)[]) {
  const sent: Sent[] = [];
  const send = async (url: string | URL, init: RequestInit): Promise<Response> => {
    const { method, headers } = new Request(url, init);
    const body = await new Request(url, init).text();
    sent.push({ url: String(url), method, headers, body });
    return answers[sent.length - 1]!();
  };
  return { sent, send };
}

/** An answer. */
export const ok = () => new Response("answer");
/** A problem document with this code, and what else its header says. */
export const problem = (code: string, headers: Record<string, string> = { "X-Sw-Problem": code }) =>
  new Response(JSON.stringify({ code, status: 400 }), {
    status: 400,
    headers: { "Content-Type": "application/problem+json", ...headers },
  });
/** The gateway says that the URL has expired. */
export const expired = () => problem("expired");
