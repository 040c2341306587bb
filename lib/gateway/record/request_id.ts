/** The request id, if it is one that a log can hold. */
export function wellFormedId(text: string | null): string | undefined {
  return text !== null && /^[\w.:+=/-]{1,128}$/.test(text) ? text : undefined;
}
