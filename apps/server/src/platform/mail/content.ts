/** What a transactional mail says, before it is laid out. Every part is plain text. */
export type MailContent = {
  /** Who it is from, as the reader knows it: the tenant's name. */
  brand: { name: string; color?: string | null };
  heading: string;
  paragraphs: string[];
  /** Six digits to type in. */
  code?: string;
  action?: { label: string; url: string };
  /** Small print under the line: why they got this, what to do if it was not them. */
  footer?: string;
};

const escapeHtml = (text: string): string =>
  text.replace(
    /[&<>"']/g,
    (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[c]!,
  );

const HEX_COLOR = /^#[0-9a-f]{6}$/i;

/** Lays a mail out twice, as HTML that mail programs render alike and as its plain-text twin. */
export function mailContent(content: MailContent): { text: string; html: string } {
  const { brand, heading, paragraphs, code, action, footer } = content;
  const color = brand.color && HEX_COLOR.test(brand.color) ? brand.color : "#1f2937";
  const text = [
    heading,
    ...paragraphs,
    ...(code ? [`Code: ${code}`] : []),
    ...(action ? [`${action.label}: ${action.url}`] : []),
    ...(footer ? ["--", footer] : []),
  ].join("\n\n");
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${escapeHtml(heading)}</title></head>
<body style="margin:0;background:#f4f4f5;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;color:#18181b">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:520px;background:#ffffff;border-radius:12px">
<tr><td style="padding:28px 32px 0;font-size:14px;font-weight:600;color:#52525b">${escapeHtml(brand.name)}</td></tr>
<tr><td style="padding:8px 32px 0;font-size:22px;line-height:30px;font-weight:700">${escapeHtml(heading)}</td></tr>
${paragraphs.map((p) => `<tr><td style="padding:12px 32px 0;font-size:15px;line-height:24px">${escapeHtml(p)}</td></tr>`).join("\n")}
${code ? `<tr><td style="padding:20px 32px 0"><div style="font:700 30px/44px ui-monospace,Menlo,Consolas,monospace;letter-spacing:8px;background:#f4f4f5;border-radius:8px;padding:8px 16px;text-align:center">${escapeHtml(code)}</div></td></tr>` : ""}
${action ? `<tr><td style="padding:20px 32px 0"><a href="${escapeHtml(action.url)}" style="display:inline-block;background:${color};color:#ffffff;text-decoration:none;font-weight:600;font-size:15px;padding:12px 20px;border-radius:8px">${escapeHtml(action.label)}</a></td></tr>` : ""}
<tr><td style="padding:24px 32px 28px;font-size:13px;line-height:20px;color:#71717a">${footer ? escapeHtml(footer) : ""}</td></tr>
</table></td></tr></table></body></html>`;
  return { text, html };
}
