export const UPSTREAM = "https://api.example.com/v1/chat?a=b%20c";

/** A request that was sent. */
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

export const ok = () => new Response("answer");
export const problem = (code: string, headers: Record<string, string> = { "X-Sw-Problem": code }) =>
  new Response(JSON.stringify({ code, status: 400 }), {
    status: 400,
    headers: { "Content-Type": "application/problem+json", ...headers },
  });
export const expired = () => problem("expired");
