import { $ } from "./dom.ts";

const KEY = "lumen-document";
const WORDS_PER_MINUTE = 230;

const sample = {
  title: "The lighthouse at the edge of the map",
  text: `Nobody remembered who had drawn the lighthouse on the map. It stood in the upper left corner, a little crooked, as if the hand had been pushed.

“It is a mistake,” said the harbour master, and he had said so for thirty years. There was no rock in those waters, no light, nothing for a ship to fear or to steer by. Still, every captain who bought the map asked about it, and every one of them, on the first clear night, looked north.

On the second of March the light was there.

It was small and yellow and it did not turn. Ada put down her glass, cleaned it with her sleeve, and looked again. Then she did what her father had taught her to do with anything that could not be true: she wrote down the time.`,
};

export interface Document {
  read(): { title: string; text: string };
}

/** The writing surface: it grows with the text, counts the words and keeps the draft in this browser. */
export function openDocument(): Document {
  const title = $<HTMLTextAreaElement>("#title");
  const text = $<HTMLTextAreaElement>("#text");
  const draft = load();
  title.value = draft.title;
  text.value = draft.text;

  const read = () => ({ title: title.value.trim(), text: text.value });
  const refresh = () => {
    for (const field of [title, text]) {
      // Measured from nothing, because a text area never shrinks by itself.
      field.style.height = "0";
      field.style.height = `${field.scrollHeight}px`;
    }
    const words = text.value.match(/\S+/g)?.length ?? 0;
    const minutes = Math.max(1, Math.round(words / WORDS_PER_MINUTE));
    $("#meta").textContent = `${words.toLocaleString()} words · ${minutes} min read`;
  };
  const changed = () => {
    refresh();
    try {
      localStorage.setItem(KEY, JSON.stringify(read()));
    } catch {
      // A browser that stores nothing still lets one write.
    }
  };
  title.addEventListener("input", changed);
  title.addEventListener("keydown", (event) => {
    // A title is one line, however wide it wraps.
    if (event.key !== "Enter") return;
    event.preventDefault();
    text.focus();
  });
  text.addEventListener("input", changed);
  addEventListener("resize", refresh);
  refresh();
  return { read };
}

function load(): { title: string; text: string } {
  try {
    return { ...sample, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return sample;
  }
}
