/** What the panel's HTML refers to. A webview can load all of these URLs. */
interface PageResources {
  readonly cspSource: string;
  readonly script: string;
  readonly style: string;
  readonly icons: string;
  /** A new random value for each page. */
  readonly nonce: string;
  /** BCP 47 tag. */
  readonly language: string;
  /** The translations of the page's texts; undefined for English. */
  readonly bundle: Readonly<Record<string, string>> | undefined;
  readonly title: string;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * The panel's page. It may load its own script, styles and icon font, and show pictures and videos that arrive as bytes in
 * messages. It can access neither the network nor any other file.
 */
export function pageHtml(resources: PageResources): string {
  const { cspSource, script, style, icons, nonce, language, bundle, title } = resources;
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    "img-src blob:",
    "media-src blob:",
  ].join("; ");
  const translations = bundle === undefined ? "" : ` data-bundle="${escaped(JSON.stringify(bundle))}"`;
  return `<!DOCTYPE html>
<html lang="${escaped(language)}"${translations}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="${escaped(style)}">
<link rel="stylesheet" href="${escaped(icons)}" id="vscode-codicon-stylesheet">
</head>
<body>
<flf-page></flf-page>
<script type="module" nonce="${nonce}" src="${escaped(script)}"></script>
</body>
</html>
`;
}
