/** The pieces of text in a streamed chat completion, as they arrive. @throws when the stream is cut before its end. */
export async function* readStream(response: Response): AsyncGenerator<string> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error("The answer broke off.");
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (!line.startsWith("data:")) continue;
      const data = line.slice(5).trim();
      if (data === "[DONE]") return;
      const { choices } = JSON.parse(data) as { choices?: { delta?: { content?: string } }[] };
      const text = choices?.[0]?.delta?.content;
      if (text) yield text;
    }
  }
}
