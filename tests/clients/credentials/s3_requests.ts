/** Keys of objects, each as it is in a URL and as it is meant. */
export const KEYS: readonly (readonly [path: string, key: string])[] = [
  ["a%20b%20.txt", "a b .txt"],
  ["a+b", "a+b"],
  ["a%2Bb", "a+b"],
  ["a%2Fb", "a/b"],
  ["a%2fb%2Fc/d", "a/b/c/d"],
  ["%C3%BC/%e2%82%ac", "ü/€"],
  ["%F0%9F%98%80", "😀"],
  ["a//b", "a/b"],
  [".hidden", ".hidden"],
  ["..two", "..two"],
  ["...", "..."],
  ["a/.b/..c", "a/.b/..c"],
  ["~a", "~a"],
  ["%7Ea", "~a"],
  ["(a)*'!", "(a)*'!"],
  ["a%25b%2525", "a%b%25"],
  ["=;,@&$:", "=;,@&$:"],
  ["a%3Fb%23c", "a?b#c"],
  ["a%09b", "a\tb"],
  ["a%5Cb", "a\\b"],
];

/** Queries for a bucket with the objects `q/in/1`, `q/a b c` and `q/ü`, and what the answer has. */
export const QUERIES: readonly (readonly [query: string, has: string])[] = [
  ["list-type=2&prefix=q/&delimiter=/", "<CommonPrefixes><Prefix>q/in/</Prefix>"],
  ["list-type=2&prefix=q%2F&delimiter=%2f", "<CommonPrefixes><Prefix>q/in/</Prefix>"],
  ["list-type=2&%70refix=q/a+b%20c", "<Key>q/a b c</Key>"],
  ["list-type=2&prefix=q/%C3%BC", "<Key>q/ü</Key>"],
  ["list-type=2&prefix=&delimiter=", "<Key>q/ü</Key>"],
  ["list-type=2&prefix=q/&prefix=none", "<Key>q/ü</Key>"],
  ["list-type=2&x&x=&x=1&x=0&z=(a)*'!~%7e&prefix=q/", "<Key>q/ü</Key>"],
  ["&list-type=2&&prefix=q/&", "<Key>q/ü</Key>"],
  ["list-type=2&y=a=b=c;d&prefix=q/", "<Key>q/ü</Key>"],
  ["list-type=2&y=%zz%ff&prefix=q/", "<Key>q/ü</Key>"],
  ["list-type=2&prefix=q/&max-keys=1", "<IsTruncated>true</IsTruncated>"],
  ["acl", "<AccessControlPolicy"],
  ["location=", "<LocationConstraint"],
];

/** A digest to compare bodies by. */
export const sha256 = (bytes: Uint8Array | ArrayBuffer) => Bun.SHA256.hash(bytes, "hex");

/** Bytes that are not the same anywhere. */
export function bytesOf(count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65_536, count)));
  }
  return bytes;
}

/** The same bytes as a stream, whose length nobody knows beforehand. */
export function streamOf(bytes: Uint8Array<ArrayBuffer>): ReadableStream {
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      await Bun.sleep(0);
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, (at += 100_000)));
    },
  });
}
