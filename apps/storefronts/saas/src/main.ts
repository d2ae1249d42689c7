import "./styles.css";
import { showAccount } from "./account.ts";
import { openDocument } from "./document.ts";
import { $ } from "./dom.ts";
import { toast } from "./toast.ts";

const writing = openDocument();
$("#copy").addEventListener("click", async () => {
  const { title, text } = writing.read();
  await navigator.clipboard.writeText(`${title}\n\n${text}\n`);
  toast("Copied");
});

$("#snippet").textContent = `import { PaywallUI } from "@tollgate/sdk";

const paywall = new PaywallUI({ apiOrigin, paywallId, auth: true });

exportButton.onclick = async () => {
  const { access } = await paywall.getAccess();
  access === "granted" ? exportPdf() : paywall.open();
};`;

try {
  const { paywall, withPro } = await import("./paywall.ts");
  showAccount(paywall);
  $("#export").addEventListener("click", () =>
    withPro(async () => {
      const { renderPdf } = await import("./pdf.ts");
      const { title, text } = writing.read();
      save(renderPdf(title, text), `${title || "Untitled"}.pdf`);
      toast("Your PDF is ready");
    }),
  );
} catch (error) {
  console.error(error);
  $("#plan").textContent = "Offline";
  $("#export").addEventListener("click", () => toast("The Tollgate server is not running"));
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
