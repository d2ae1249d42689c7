import { useEffect, useState } from "react";

const KEY = "lumen-document";

const sample = {
  title: "The lighthouse at the edge of the map",
  text: `Nobody remembered who had drawn the lighthouse on the map. It stood in the upper left corner, a little crooked, as if the hand had been pushed.

“It is a mistake,” said the harbour master, and he had said so for thirty years. There was no rock in those waters, no light, nothing for a ship to fear or to steer by. Still, every captain who bought the map asked about it, and every one of them, on the first clear night, looked north.

On the second of March the light was there.

It was small and yellow and it did not turn. Ada put down her glass, cleaned it with her sleeve, and looked again. Then she did what her father had taught her to do with anything that could not be true: she wrote down the time.`,
};

export interface Draft {
  title: string;
  text: string;
  change(part: { title?: string; text?: string }): void;
}

/** What is being written; it is kept in this browser. */
export function useDraft(): Draft {
  const [draft, setDraft] = useState(load);
  useEffect(() => {
    if (draft === sample) return;
    try {
      localStorage.setItem(KEY, JSON.stringify(draft));
    } catch {
      // A browser that stores nothing still lets one write.
    }
  }, [draft]);
  return { ...draft, change: (part) => setDraft((earlier) => ({ ...earlier, ...part })) };
}

function load(): { title: string; text: string } {
  try {
    const stored = localStorage.getItem(KEY);
    return stored ? { ...sample, ...JSON.parse(stored) } : sample;
  } catch {
    return sample;
  }
}
