/** An answer of the admin API. */
export interface Answer {
  isOk: boolean;
  body: any;
}

/**
 * Asks the admin API with the session of this page.
 *
 * @param path with its query
 * @param method of the request
 * @param body of the request, as JSON. Default: none
 * @returns the answer; one that is not ok when none came
 */
export async function ask(path: string, method = "GET", body?: object): Promise<Answer> {
  try {
    const response = await fetch(path, {
      method,
      ...(body && {
        body: JSON.stringify(body),
        headers: { "Content-Type": "application/json" },
      }),
    });
    if (response.status === 401) location.reload();
    return { isOk: response.ok, body: await response.json() };
  } catch {
    return { isOk: false, body: { detail: "The gateway does not answer." } };
  }
}
