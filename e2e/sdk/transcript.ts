import type { Page } from "playwright-core";

type Value = { value?: unknown };
type Node = {
  nodeId: string;
  ignored: boolean;
  role?: Value;
  name?: Value;
  description?: Value;
  value?: Value;
  properties?: { name: string; value: Value }[];
  childIds?: string[];
};

/** Roles that only carry what their parent has said already. */
const SILENT = ["StaticText", "InlineTextBox", "LabelText", "none", "generic", "image", "LineBreak"];
const STATES = ["focused", "checked", "disabled", "invalid", "readonly", "pressed", "required"];

/** What a screen reader is given of the open dialog: one line for everything that it would say. */
export async function readDialog(page: Page): Promise<string> {
  const client = await page.context().newCDPSession(page);
  await client.send("Accessibility.enable");
  const { nodes } = (await client.send("Accessibility.getFullAXTree")) as { nodes: Node[] };
  await client.detach();
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const lines: string[] = [];

  const say = (node: Node, depth: number, above: string): void => {
    const role = String(node.role?.value ?? "");
    const name = String(node.name?.value ?? "")
      .replace(/\s+/g, " ")
      .trim();
    const silent = node.ignored || SILENT.includes(role);
    // Text that stands alone, rather than within something that is named by it.
    const text = role === "StaticText" && name && !above.includes(name);
    let inside = above;
    let deeper = depth;
    if (text) lines.push(`${"  ".repeat(depth)}“${name}”`);
    else if (!silent && (name || role !== "paragraph")) {
      const states = (node.properties ?? [])
        .filter(
          (it) =>
            STATES.includes(it.name) && ![false, "false", "", undefined].includes(it.value.value as never),
        )
        .map((it) =>
          it.value.value === true || it.value.value === "true" ? it.name : `${it.name} ${it.value.value}`,
        );
      const parts = [
        role,
        name && `“${name}”`,
        node.value?.value ? `= ${node.value.value}` : "",
        node.description?.value ? `(${String(node.description.value).replace(/\s+/g, " ")})` : "",
        states.length ? `[${states.join(", ")}]` : "",
      ];
      lines.push("  ".repeat(depth) + parts.filter(Boolean).join(" "));
      inside = `${above} ${role === "dialog" ? "" : name} ${node.description?.value ?? ""}`;
      deeper = depth + 1;
    }
    for (const id of node.childIds ?? []) {
      const child = byId.get(id);
      if (child) say(child, deeper, inside);
    }
  };
  for (const node of nodes) if (!node.ignored && node.role?.value === "dialog") say(node, 0, "");
  return lines.join("\n");
}
