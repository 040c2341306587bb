/** A refusal, as the page shows it. */
export interface Problem {
  status?: number;
  code: string;
  title: string;
  detail: string;
  request_id?: string;
}

/** Reads a refusal: a problem document of the gateway (RFC 9457), or an error of the API. */
export async function readProblem(response: Response): Promise<Problem> {
  const body = await response.json().catch(() => ({}));
  if (typeof body.code === "string") return body;
  const { code, message: detail = "It gave no reason." } = body.error ?? {};
  const title = "The API refused the request";
  return { status: response.status, code: code ?? "upstream", title, detail };
}
