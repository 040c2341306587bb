// Canonical requests of published URLs, worked out from the protocol alone.

/** A case, an SDK, the lines of its canonical request, and the SHA-256 of them. */
export type Stage = [
  name: string,
  sdk: "python" | "javascript" | "ruby",
  lines: string[],
  hash: string,
];

/** At least one for each way in which the SDKs differ. */
export const STAGES: Stage[] = [
  [
    "get-bare",
    "python",
    [
      "GET",
      "/",
      "X-Sw-Algorithm=SW1-HMAC-SHA256&X-Sw-Body=false&X-Sw-Credential=my-id%2F20261122&X-Sw-Date=20261122T090807Z&X-Sw-Expires=10&X-Sw-Proxy=https%3A%2F%2Fapi.example.com%2Fget&X-Sw-SignedHeaders=",
      "",
      "",
      "",
      "",
    ],
    "10c3fadc2ecf790119b579c1c6c93b020e724a8b634f5da9c9d26fa4d736f5b0",
  ],
  [
    "signed-headers-unsorted",
    "javascript",
    [
      "GET",
      "/",
      "X-Sw-Algorithm=SW1-HMAC-SHA256&X-Sw-Body=false&X-Sw-Credential=my-id%2F20261122&X-Sw-Date=20261122T090807Z&X-Sw-Expires=60&X-Sw-Proxy=https%3A%2F%2Fapi.example.com%2Fget&X-Sw-SignedHeaders=x-zed%3Bcontent-type%3Baccept",
      "accept:*/*",
      "content-type:application/json",
      "x-zed:z",
      "",
      "accept;content-type;x-zed",
      "",
    ],
    "b38106f75aec0e6865c7af9260cd5febb61d53aa7e65e28a4f08e45dc17ee297",
  ],
  [
    "signed-body",
    "javascript",
    [
      "POST",
      "/",
      "X-Sw-Algorithm=SW1-HMAC-SHA256&X-Sw-Body=true&X-Sw-Credential=my-id%2F20261122&X-Sw-Date=20261122T090807Z&X-Sw-Expires=300&X-Sw-Proxy=https%3A%2F%2Fapi.example.com%2Fv1%2Fchat%2Fcompletions&X-Sw-SignedHeaders=content-type%3Bcontent-length",
      "content-length:40",
      "content-type:application/json",
      "",
      "content-length;content-type",
      '{"model": "gpt-4o-mini", "stream": true}',
    ],
    "580e8cf5a0884bb12926c105caa855481b8f864794dc0618ae34e091bd70ce4e",
  ],
  [
    "signed-body-newlines",
    "ruby",
    [
      "POST",
      "/",
      "X-Sw-Algorithm=SW1-HMAC-SHA256&X-Sw-Body=true&X-Sw-Credential=my-id%2F20261122&X-Sw-Date=20261122T090807Z&X-Sw-Expires=300&X-Sw-Proxy=https%3A%2F%2Fapi.example.com%2Fpost&X-Sw-SignedHeaders=content-length",
      "content-length:9",
      "",
      "content-length",
      "a",
      "b\r",
      "",
      " c ",
    ],
    "112d5b780fec1129ca0c6d47f5af89a74a734398dfe2dadbf1a824b5af78199a",
  ],
  ...lengthStages(),
  [
    "target-reserved-characters",
    "python",
    [
      "GET",
      "/",
      "X-Sw-Algorithm=SW1-HMAC-SHA256&X-Sw-Body=false&X-Sw-Credential=my-id%2F20261122&X-Sw-Date=20261122T090807Z&X-Sw-Expires=60&X-Sw-Proxy=https%3A%2F%2Fapi.example.com%2Fa%28b%29%21c%2Ad%27e~f%2Fg%3Bh%3Di%2Cj%40k%3Al%24m%26n%3Fq%3D%28x%29%21%2A%27~&X-Sw-SignedHeaders=",
      "",
      "",
      "",
      "",
    ],
    "2060fa4e22f038b4e15b987453899ea4d867db53dc1f8b3d1ee121b08adf20fb",
  ],
  [
    "target-reserved-characters",
    "javascript",
    [
      "GET",
      "/",
      "X-Sw-Algorithm=SW1-HMAC-SHA256&X-Sw-Body=false&X-Sw-Credential=my-id%2F20261122&X-Sw-Date=20261122T090807Z&X-Sw-Expires=60&X-Sw-Proxy=https%3A%2F%2Fapi.example.com%2Fa(b)!c*d'e~f%2Fg%3Bh%3Di%2Cj%40k%3Al%24m%26n%3Fq%3D(x)!*%2527~&X-Sw-SignedHeaders=",
      "",
      "",
      "",
      "",
    ],
    "4e5a009413d87798d6d394ce6c7d934b5e297a3cae75c3b9db7542840f95e2e1",
  ],
  [
    "target-with-space",
    "python",
    [
      "GET",
      "/",
      "X-Sw-Algorithm=SW1-HMAC-SHA256&X-Sw-Body=false&X-Sw-Credential=my-id%2F20261122&X-Sw-Date=20261122T090807Z&X-Sw-Expires=60&X-Sw-Proxy=https%3A%2F%2Fapi.example.com%2Fget%3Fq%3Da+b&X-Sw-SignedHeaders=",
      "",
      "",
      "",
      "",
    ],
    "c4d70ffe6a424160cb82a7bfca84006b93465d0ef6cfc12207aa15b93749c1ed",
  ],
  [
    "id-with-slash-and-space",
    "javascript",
    [
      "GET",
      "/",
      "X-Sw-Algorithm=SW1-HMAC-SHA256&X-Sw-Body=false&X-Sw-Credential=team%20a%2Fapp%2F20261122&X-Sw-Date=20261122T090807Z&X-Sw-Expires=60&X-Sw-Proxy=https%3A%2F%2Fapi.example.com%2Fget&X-Sw-SignedHeaders=",
      "",
      "",
      "",
      "",
    ],
    "0268d54a64656d4f6747b2bde42a297bcc3e55979a934216b4ad98862c773669",
  ],
  [
    "gateway-with-path",
    "python",
    [
      "PUT",
      "/signway/",
      "X-Sw-Algorithm=SW1-HMAC-SHA256&X-Sw-Body=false&X-Sw-Credential=my-id%2F20261122&X-Sw-Date=20261122T090807Z&X-Sw-Expires=60&X-Sw-Proxy=https%3A%2F%2Fapi.example.com%2Fget&X-Sw-SignedHeaders=",
      "",
      "",
      "",
      "",
    ],
    "fce2b52190f3ca6f2308caf9fba4af0991e8cd32ae7481590f738fa90ec09c1e",
  ],
  [
    "header-value-inner-spaces-and-comma",
    "javascript",
    [
      "PATCH",
      "/",
      "X-Sw-Algorithm=SW1-HMAC-SHA256&X-Sw-Body=false&X-Sw-Credential=my-id%2F20261122&X-Sw-Date=20261122T090807Z&X-Sw-Expires=60&X-Sw-Proxy=https%3A%2F%2Fapi.example.com%2Fget&X-Sw-SignedHeaders=x-list",
      "x-list:a,  b , c",
      "",
      "x-list",
      "",
    ],
    "845fc58887f8e9b04f08df09d5e2964539f2c64fe1a57a71cdbea9f226c02892",
  ],
];

// Each SDK signs the length that its language gives a string: characters, UTF-16 units, bytes.
function lengthStages(): Stage[] {
  const lines = (length: number) => [
    "POST",
    "/",
    "X-Sw-Algorithm=SW1-HMAC-SHA256&X-Sw-Body=true&X-Sw-Credential=my-id%2F20261122&X-Sw-Date=20261122T090807Z&X-Sw-Expires=300&X-Sw-Proxy=https%3A%2F%2Fapi.example.com%2Fv1%2Fchat%2Fcompletions&X-Sw-SignedHeaders=content-length",
    `content-length:${length}`,
    "",
    "content-length",
    '{"prompt": "¿Qué tal? 你好 🚀"}',
  ];
  const name = "signed-body-non-ascii";
  return [
    [name, "python", lines(28), "e240484ef8a0dba2bb2c54da4aeaf5e6b1d7ee83425a91e86250885d160b7dc2"],
    [
      name,
      "javascript",
      lines(29),
      "fda16693d1524f6f386d203890b88d0e453daaf4fe2fcf77060bd2b463ec6aab",
    ],
    [name, "ruby", lines(37), "d812e05cb1967efd2d73e2e22ce6bb64a166fa52744762a72766c1c89395cb68"],
  ];
}
