/** How the subjects begin whose streams are revoked. */
export const REVOCABLE = "revoked ";

/** An admin API, and the app of the subjects. */
export interface AdminAccess {
  address: string;
  token: string;
  app: string;
}

/**
 * Revokes the subjects whose streams have begun, for as long as something goes on.
 *
 * @returns its result, when nothing is asked any more
 */
export async function revokingBegun<Result>(
  admin: AdminAccess,
  work: Promise<Result>,
): Promise<Result> {
  let isOver = false;
  const revoke = async () => {
    while (!isOver) {
      await revokeBegun(admin);
      await Bun.sleep(250);
    }
  };
  const [result] = await Promise.all([work.finally(() => (isOver = true)), revoke()]);
  return result;
}

async function revokeBegun(admin: AdminAccess): Promise<void> {
  const { exchanges } = await ask(admin, "/api/exchanges?limit=500");
  for (const { subject, bytes_out } of exchanges) {
    if (bytes_out > 0 && subject?.startsWith(REVOCABLE)) {
      await ask(admin, "/api/revocations", { app: admin.app, subject });
    }
  }
}

async function ask({ address, token }: AdminAccess, path: string, body?: object): Promise<any> {
  const response = await fetch(`http://${address}${path}`, {
    method: body ? "POST" : "GET",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}
