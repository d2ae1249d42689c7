/** JavaScript that both pages share: buttons that copy what they name. */
export const COPY_SCRIPT = `
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = button.dataset.copy || document.getElementById(button.dataset.copyFrom).textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Outside https and localhost browsers keep the clipboard to themselves.
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  const label = button.querySelector("[data-label]") || button;
  const before = label.dataset.before || label.textContent;
  label.dataset.before = before;
  label.textContent = "Copied";
  clearTimeout(button.timer);
  button.timer = setTimeout(() => (label.textContent = before), 1600);
});
`;
