/** A4 in points, with the margins of a paperback. */
const PAGE = { width: 595, height: 842, margin: 92 };
const BODY = { size: 12, leading: 18, indent: 18 };
const TITLE = { size: 26, leading: 32 };

// Widths of Times Roman's printable ASCII in thousandths of the size, as every PDF reader has it built in.
const WIDTHS = [
  250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500,
  500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333,
  389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469,
  500, 333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389,
  278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
];

// Where Windows-1252, the encoding of the built-in fonts, differs from Unicode.
const CP1252: Record<string, number> = {
  "€": 128,
  "…": 133,
  "‘": 145,
  "’": 146,
  "“": 147,
  "”": 148,
  "•": 149,
  "–": 150,
  "—": 151,
  "™": 153,
};

const byteOf = (char: string): number => {
  const code = CP1252[char] ?? char.charCodeAt(0);
  return code < 256 ? code : 63;
};
const widthOf = (text: string, size: number): number =>
  ([...text].reduce((sum, char) => sum + (WIDTHS[byteOf(char) - 32] ?? 480), 0) * size) / 1000;

interface Line {
  text: string;
  size: number;
  leading: number;
  indent: number;
  /** Extra width for each space, so that both edges are straight. */
  stretch: number;
  bold?: boolean;
}

function setParagraph(
  text: string,
  style: { size: number; leading: number },
  indent: number,
  justify: boolean,
): Line[] {
  const full = PAGE.width - 2 * PAGE.margin;
  const lines: Line[] = [];
  let words: string[] = [];
  const flush = (last: boolean) => {
    const line = words.join(" ");
    const inset = lines.length ? 0 : indent;
    const gaps = words.length - 1;
    const room = full - inset - widthOf(line, style.size);
    const stretch = justify && !last && gaps > 0 ? room / gaps : 0;
    lines.push({ text: line, ...style, indent: inset, stretch, bold: !justify });
    words = [];
  };
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const limit = full - (lines.length ? 0 : indent);
    if (words.length && widthOf([...words, word].join(" "), style.size) > limit) flush(false);
    words.push(word);
  }
  if (words.length) flush(true);
  return lines;
}

const escapePdf = (text: string): string =>
  [...text]
    .map(byteOf)
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return "()\\".includes(char) ? `\\${char}` : char;
    })
    .join("");

/** Typesets a document in Times, justified, with page numbers, and returns it as a PDF file. */
export function renderPdf(title: string, text: string): Blob {
  const heading = setParagraph(title, TITLE, 0, false);
  const paragraphs = text.split(/\n\s*\n/).filter((paragraph) => paragraph.trim());
  const body = paragraphs.flatMap((paragraph, index) =>
    setParagraph(paragraph, BODY, index ? BODY.indent : 0, true),
  );

  const pages: string[][] = [[]];
  let y = PAGE.height - PAGE.margin;
  for (const [index, line] of [...heading, ...body].entries()) {
    if (index === heading.length) y -= BODY.leading;
    if (y < PAGE.margin) {
      pages.push([]);
      y = PAGE.height - PAGE.margin;
    }
    const font = line.bold ? "F2" : "F1";
    const x = PAGE.margin + line.indent;
    pages
      .at(-1)
      ?.push(
        `BT /${font} ${line.size} Tf ${line.stretch.toFixed(3)} Tw ${x} ${y} Td (${escapePdf(line.text)}) Tj ET`,
      );
    y -= line.leading;
  }

  const objects: string[] = [];
  const kids = pages.map((_, index) => `${5 + index * 2} 0 R`).join(" ");
  objects.push("<< /Type /Catalog /Pages 2 0 R >>");
  objects.push(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`);
  for (const name of ["Times-Roman", "Times-Bold"])
    objects.push(`<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`);
  for (const [index, commands] of pages.entries()) {
    const number = String(index + 1);
    const x = (PAGE.width - widthOf(number, 10)) / 2;
    const content = [...commands, `BT /F1 10 Tf 0 Tw ${x} 48 Td (${number}) Tj ET`].join("\n");
    const fonts = "/Font << /F1 3 0 R /F2 4 0 R >>";
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${PAGE.width} ${PAGE.height}] /Resources << ${fonts} >> /Contents ${6 + index * 2} 0 R >>`,
    );
    objects.push(`<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
  }

  let file = "%PDF-1.4\n";
  const offsets = objects.map((object, index) => {
    const at = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, "0")} 00000 n \n`;
  });
  const table = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join("")}`;
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  // One character is one byte here, so the offsets above hold.
  return new Blob([Uint8Array.from(file, (char) => char.charCodeAt(0))], { type: "application/pdf" });
}
