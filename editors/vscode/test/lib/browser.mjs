// The browser that shows things, without a window.

import { existsSync } from 'node:fs';

export function browser() {
  const names = ['chromium', 'chromium-headless-shell', 'google-chrome'];
  const paths = [process.env.GLUELINE_TEST_BROWSER, ...names.map((name) => `/usr/bin/${name}`)];
  const found = paths.find((file) => file !== undefined && existsSync(file));
  if (found === undefined) throw new Error('There is no chromium: `apt-get install chromium`.');
  return found;
}
