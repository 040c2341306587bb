/**
 * Lists the targets that may have been signed instead of the one that was sent, each after the code of
 * the mistake.
 *
 * @param target the absolute http(s) URL that was sent
 */
export function* targetVariants(target: string) {
  const parsed = new URL(target);
  const { protocol } = parsed;
  const rest = target.replace(/^[^:]+:\/\/[^/?#]*/, "");
  const authority = target.slice(target.indexOf("//") + 2, target.length - rest.length);
  const otherProtocol = protocol === "https:" ? "http:" : "https:";
  yield ["target_scheme", `${otherProtocol}//${authority}${rest}`] as const;
  const port = protocol === "https:" ? ":443" : ":80";
  const host = authority.endsWith(port) ? authority.slice(0, -port.length) : authority;
  yield ["target_default_port", `${protocol}//${host}${rest}`] as const;
  yield ["target_default_port", `${protocol}//${host}${port}${rest}`] as const;
  yield ["target_slash", `${protocol}//${authority}${withOtherSlash(rest)}`] as const;
  yield ["target_normalised", parsed.href] as const;
  yield ["target_normalised", `${protocol}//${authority.toLowerCase()}${rest}`] as const;
  yield ["encoding_plus", target.replaceAll("+", " ")] as const;
  yield ["encoding_plus", target.replaceAll(" ", "+")] as const;
  yield ["encoding_plus", target.replaceAll("%20", "+")] as const;
  yield ["encoding_plus", target.replaceAll("+", "%20")] as const;
  yield ["encoding_double", decodeOnce(target)] as const;
}

/** Adds a slash to the end of the path, or removes the one that is there. */
function withOtherSlash(pathAndQuery: string): string {
  const [, path = "", query = ""] = /^([^?#]*)(.*)$/s.exec(pathAndQuery) ?? [];
  return `${path.endsWith("/") ? path.slice(0, -1) : `${path}/`}${query}`;
}

/**
 * Percent-decodes a text once.
 *
 * @returns the text itself when it is not percent-encoded correctly
 */
export function decodeOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
