// Which server is started: the one of the settings, the bundled one, that of the Python environment, the one on the PATH.

import { promises as fs, constants } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';

export interface Located {
  readonly command: string;
  readonly from: 'setting' | 'bundle' | 'environment' | 'path';
}

const NAME = process.platform === 'win32' ? 'glueline.exe' : 'glueline';
const BIN = process.platform === 'win32' ? 'Scripts' : 'bin';

/** The server to start, or where one was looked for. */
export async function locate(context: vscode.ExtensionContext): Promise<Located | string[]> {
  const set = vscode.workspace.getConfiguration('glueline').get<string>('path', '').trim();
  if (set !== '') {
    // What the user named is never replaced by another one: that would hide the mistake.
    const command = expand(set);
    return (await isProgram(command)) ? { command, from: 'setting' } : [command];
  }
  const bundled = path.join(context.extensionPath, 'bin', NAME);
  await makeExecutable(bundled);
  const candidates: Located[] = [{ command: bundled, from: 'bundle' }];
  // A workspace that is not trusted may hold a program of its own under this name.
  if (vscode.workspace.isTrusted) {
    for (const directory of environments()) {
      candidates.push({ command: path.join(directory, BIN, NAME), from: 'environment' });
    }
  }
  for (const directory of (process.env['PATH'] ?? '').split(path.delimiter)) {
    if (path.isAbsolute(directory)) {
      candidates.push({ command: path.join(directory, NAME), from: 'path' });
    }
  }
  for (const candidate of candidates) {
    if (await isProgram(candidate.command)) {
      return candidate;
    }
  }
  return [bundled, ...environments(), 'PATH'];
}

function environments(): string[] {
  const active = process.env['VIRTUAL_ENV'];
  const folders = vscode.workspace.workspaceFolders ?? [];
  const local = folders.flatMap((folder) => ['.venv', 'venv'].map((name) => path.join(folder.uri.fsPath, name)));
  return active === undefined ? local : [active, ...local];
}

function expand(set: string): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const whole = set.replace('${workspaceFolder}', folder).replace('${userHome}', os.homedir());
  return whole.startsWith('~/') ? path.join(os.homedir(), whole.slice(2)) : whole;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await fs.access(file, constants.X_OK);
    return (await fs.stat(file)).isFile();
  } catch {
    return false;
  }
}

/** A package made on Windows loses the permission. */
async function makeExecutable(file: string): Promise<void> {
  if (process.platform !== 'win32' && !(await isProgram(file))) {
    await fs.chmod(file, 0o755).catch(() => undefined);
  }
}
