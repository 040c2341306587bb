import { expect, test } from "bun:test";
import { fetchAwsKeys } from "../../../../lib/runtime/credentials/aws_keys.ts";

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
