// What a rows panel is before it has rows.

import { randomBytes } from 'node:crypto';

/** The page: nothing is loaded, and nothing runs but the script that stands in it. */
export function html(script: string, style: string): string {
  const nonce = randomBytes(16).toString('base64');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'">
<title>Rows</title>
<style nonce="${nonce}">${style}</style>
</head>
<body>
<header><span id="summary" role="status"></span><div id="tools" role="toolbar" aria-label="Rows"></div></header>
<main id="rows"></main>
<pre id="value" role="region" aria-label="Value of the cell"></pre>
<script nonce="${nonce}">${script}</script>
</body>
</html>`;
}
