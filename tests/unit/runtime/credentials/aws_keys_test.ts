import { expect, test } from "bun:test";
import { fetchAwsKeys } from "../../../../lib/runtime/credentials/aws_keys.ts";
import { createCredentialFetch } from "../../../../lib/runtime/credentials/credential_request.ts";

const ENV = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2/credentials/role" };
const DOCUMENT = {
  AccessKeyId: "AKID",
  SecretAccessKey: "key",
  Token: "token",
  Expiration: "2030-01-01T00:00:00Z",
};

const keysOf = (part: object) =>
  fetchAwsKeys("container", ENV, async () => JSON.stringify({ ...DOCUMENT, ...part }));

test("keys that a header can hold are taken", async () => {
  expect((await keysOf({})).value.sessionToken).toBe("token");
});

test.each(["AccessKeyId", "SecretAccessKey", "Token"])("another %s is refused", async (name) => {
  for (const text of ["", "a\nb", "一"]) {
    await expect(keysOf({ [name]: text })).rejects.toMatchObject({
      code: "credential_unavailable",
    });
  }
});

test("the requests for the keys of an instance have one time limit together", async () => {
  const asked: string[] = [];
  const answerLate = async ({ url }: { url: URL }) => {
    asked.push(url.pathname);
    await Bun.sleep(600);
    return new Response("a");
  };
  const fetchInTime = createCredentialFetch(() => answerLate, 1_000);
  const fetching = fetchInTime((send) => fetchAwsKeys("imds", {}, send));
  await expect(fetching).rejects.toMatchObject({ reason: "it took too long" });
  expect(asked).toHaveLength(2);
});
