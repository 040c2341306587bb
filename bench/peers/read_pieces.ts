/** The same body, each piece of it read and written in JavaScript. */
export function readPieces(body: Body["body"]): Body["body"] {
  const reader = body?.getReader();
  if (!reader) return null;
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 1 },
  );
}
