import OpenAI from "openai";
import { createTokenProvider } from "signway/signed-fetch";

// The client asks for the key before each request, and gets the same token until shortly before it expires.
const openai = new OpenAI({
  baseURL: "http://localhost:3000/api.openai.com/v1",
  apiKey: createTokenProvider(() => fetch("/token", { method: "POST" })),
  dangerouslyAllowBrowser: true, // it is no key of the API
});

const form = document.querySelector("form");
const button = document.querySelector("button");
const answer = document.querySelector("output");
const alert = document.querySelector("[role=alert]");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const question = new FormData(form).get("question");
  answer.textContent = alert.textContent = "";
  button.disabled = true;
  try {
    const stream = await openai.chat.completions.create({
      model: "gpt-5-mini",
      messages: [{ role: "user", content: question }],
      stream: true,
    });
    for await (const { choices } of stream) answer.append(choices[0]?.delta.content ?? "");
  } catch (error) {
    alert.textContent = error.message;
  } finally {
    button.disabled = false;
  }
});
