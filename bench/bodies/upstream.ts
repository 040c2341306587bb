import { handleCalls } from "../load/helper_process.ts";

// The upstream of big bodies: reads every byte of an upload before it responds, and sends a file.

export type BodyUpstreamHandlers = ReturnType<typeof startBodyUpstream>;

/**
 * Starts the upstream on a free port.
 *
 * @param authorization the right value of the Authorization header
 * @param file the path of the file that a download gets
 * @returns the functions that the parent process can call
 */
function startBodyUpstream(authorization: string | undefined, file: string | undefined) {
  let requests = 0;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    async fetch({ headers, method, url, body }) {
      requests += 1;
      const isAuthorized = headers.get("authorization") === authorization;
      const authorized = { authorized: isAuthorized ? "yes" : "no" };
      if (method === "GET" && url.includes("/v1/download")) {
        return new Response(Bun.file(file!), { headers: authorized });
      }
      let bytes = 0;
      if (body) for await (const chunk of body) bytes += chunk.length;
      return Response.json({ ...authorized, bytes });
    },
  });
  return {
    port: () => server.port,
    requests: () => requests,
  };
}

handleCalls(startBodyUpstream(process.argv[2], process.argv[3]));
