import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { useChat } from "@ai-sdk/react";
import { DirectChatTransport, ToolLoopAgent } from "ai";
import type { SubmitEvent } from "react";
import { createRoot } from "react-dom/client";
import { createTokenProvider } from "signway/signed-fetch";

// The SDK asks for the key before each request, and gets the same token until shortly before it expires.
const openai = createOpenAICompatible({
  name: "openai",
  baseURL: "http://localhost:3000/api.openai.com/v1",
  apiKey: createTokenProvider(() => fetch("/token", { method: "POST" })),
});
const agent = new ToolLoopAgent({ model: openai("gpt-5-mini") });
const transport = new DirectChatTransport({
  agent,
  // The SDK hides the messages of errors, unless it is told to show them.
  onError: (error) => (error instanceof Error ? error.message : String(error)),
});

function Chat() {
  const { messages, sendMessage, status, stop, error } = useChat({ transport });
  const isBusy = status === "submitted" || status === "streaming";

  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const text = String(new FormData(form).get("question")).trim();
    if (text) void sendMessage({ text });
    form.reset();
  }

  return (
    <>
      <h1>A chat without an API key</h1>
      <section role="log" aria-busy={isBusy}>
        {messages.map(({ id, role, parts }) => (
          <article key={id}>
            <strong>{role === "user" ? "You" : "Model"}: </strong>
            {parts.map((part) => (part.type === "text" ? part.text : ""))}
          </article>
        ))}
      </section>
      {error && <p role="alert">{error.message}</p>}
      <form onSubmit={submit}>
        <input name="question" aria-label="Your question" autoComplete="off" />
        {isBusy ? (
          <button type="button" onClick={stop}>
            Stop
          </button>
        ) : (
          <button>Ask</button>
        )}
      </form>
    </>
  );
}

createRoot(document.getElementById("chat")!).render(<Chat />);
