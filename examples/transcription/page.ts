import { createTokenProvider } from "signway/signed-fetch";

const URL = "http://localhost:3000/api.openai.com/v1/audio/transcriptions";
const token = createTokenProvider(() => fetch("/token", { method: "POST" }));

const form = document.querySelector("form")!;
const button = document.querySelector("button")!;
const transcript = document.querySelector("output")!;
const alert = document.querySelector("[role=alert]")!;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  transcript.textContent = alert.textContent = "";
  button.disabled = true;
  try {
    transcript.textContent = await transcribe(new FormData(form));
  } catch (error) {
    alert.textContent = error instanceof Error ? error.message : String(error);
  } finally {
    button.disabled = false;
  }
});

/** Uploads the file of the form as multipart/form-data. The gateway passes it on while it arrives. */
async function transcribe(upload: FormData): Promise<string> {
  upload.set("model", "gpt-4o-mini-transcribe");
  const headers = { Authorization: `Bearer ${await token()}` };
  const response = await fetch(URL, { method: "POST", headers, body: upload });
  if (!response.ok) throw new Error(`status ${response.status}: ${await response.text()}`);
  return (await response.json()).text;
}
