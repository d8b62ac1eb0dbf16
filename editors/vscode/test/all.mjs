// Packs the extension with a server and runs every test of it:
//
//   node all.mjs --server FILE --tools DIR --results DIR
//
// Everything happens in a copy under the tools, where npm's packages stay between runs. Nothing is skipped: what cannot be
// installed fails.

import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const source = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const root = path.resolve(source, '..', '..');
// VS Code's own server comes from npm for this platform alone.
const TARGET = 'linux-x64';
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-headless-shell', '/usr/bin/google-chrome'];
// What the copy keeps of the one before; and what a developer has built stays where it is.
const KEPT = ['node_modules', 'installed', 'test'];
const OWN = ['node_modules', 'dist', 'out'];

const string = { type: 'string' };
const { values: set } = parseArgs({ options: { server: string, tools: string, results: string } });
const copy = path.resolve(set.tools);
const results = path.resolve(set.results);
const messages = path.join(results, 'messages');
const vsix = path.join(results, `glueline-${TARGET}.vsix`);
const test = path.join(copy, 'test');

try {
  browser();
  refresh();
  packages(copy);
  // VS Code itself: what `code-server` would install, were it allowed to build anything.
  const code = path.join(test, 'node_modules', 'code-server', 'lib', 'vscode');
  packages(test, [code, path.join(code, 'extensions')]);

  rmSync(results, { recursive: true, force: true });
  mkdirSync(messages, { recursive: true });
  const packing = ['--target', TARGET, '--binary', path.resolve(set.server), '--license', path.join(root, 'LICENSE'), '--out', vsix];
  run(copy, 'npm', 'run', '--silent', 'package', '--', ...packing);
  run(copy, 'npm', 'run', '--silent', 'build:test');
  run(test, process.execPath, '--test', '--test-reporter=spec', 'unit');
  const given = ['--vsix', vsix, '--fixtures', path.join(root, 'fixtures'), '--glue', path.join(root, 'tests/editors/glue.py'), '--messages', messages];
  // Each has a VS Code and a server of its own, and waits for what it looks for.
  const both = [beside(test, 'host.mjs', ...given), beside(test, 'ui.mjs', ...given, '--pictures', results)];
  const failed = (await Promise.allSettled(both)).filter(({ status }) => status === 'rejected');
  if (failed.length > 0) {
    throw new Error(failed.map(({ reason }) => reason.message).join('\n'));
  }
  const checker = process.env.GLUELINE_LSP_MODEL ?? path.resolve(root, '..', 'shared', 'lsp');
  const recorded = readdirSync(messages).map((name) => path.join(messages, name));
  if (recorded.length === 0) {
    throw new Error('No messages were recorded.');
  }
  run(root, 'python3', path.join(checker, 'check_messages.py'), ...recorded);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

function browser() {
  if (process.env.GLUELINE_TEST_BROWSER !== undefined || BROWSERS.some((file) => existsSync(file))) {
    return;
  }
  const install = ['install', '--yes', '--quiet', '--no-install-recommends', 'chromium'];
  try {
    run(root, 'apt-get', ...install);
  } catch {
    run(root, 'apt-get', 'update', '--quiet');
    run(root, 'apt-get', ...install);
  }
}

/** Makes the copy what the sources are. */
function refresh() {
  for (const folder of [copy, test].filter((one) => existsSync(one))) {
    for (const name of readdirSync(folder).filter((one) => !KEPT.includes(one))) {
      rmSync(path.join(folder, name), { recursive: true });
    }
  }
  cpSync(source, copy, { recursive: true, filter: (file) => !OWN.includes(path.basename(file)) });
}

/** The packages that the lock file of a folder names, and those of folders inside it that npm knows nothing of. */
function packages(place, inner = []) {
  const lock = readFileSync(path.join(place, 'package-lock.json'), 'utf8');
  const stamp = path.join(place, 'installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) {
    return;
  }
  const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  run(place, 'npm', 'ci', ...quietly);
  for (const folder of inner) {
    // Its own lock file does not fit its list, so that `npm ci` refuses it.
    run(folder, 'npm', 'install', '--omit=dev', ...quietly);
  }
  writeFileSync(stamp, lock);
}

/** Runs a script; what it says is shown when it ends, so that two of them can run at once. */
async function beside(place, ...words) {
  const told = await promisify(execFile)(process.execPath, words, { cwd: place, maxBuffer: 1 << 26 }).catch((error) => error);
  process.stdout.write(told.stdout ?? '');
  process.stderr.write(told.stderr ?? '');
  if (told instanceof Error) {
    throw new Error(`${words[0]}: ${told.code ?? told.message}`);
  }
}

function run(place, program, ...words) {
  try {
    execFileSync(program, words, { cwd: place, stdio: 'inherit' });
  } catch (error) {
    throw new Error(`${path.basename(program)} ${words.slice(0, 3).join(' ')}: ${error.status ?? error.message}`);
  }
}
