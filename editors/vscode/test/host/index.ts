// What VS Code's extension host calls: runs the tests beside it and writes down how each went.

import * as fs from 'node:fs';
import * as path from 'node:path';
import Mocha from 'mocha';
import * as vscode from 'vscode';

interface Result {
  title: string;
  milliseconds: number;
  failed?: string;
}

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'tdd', timeout: 240_000, reporter: 'min', rootHooks: { beforeAll: activated, afterEach: takeBack } });
  const { only } = places();
  if (only !== undefined) {
    mocha.grep(new RegExp(only));
  }
  for (const name of fs.readdirSync(__dirname).filter((file) => file.endsWith('.test.js')).sort()) {
    mocha.addFile(path.join(__dirname, name));
  }
  const tests: Result[] = [];
  const write = (failures: number) => fs.writeFileSync(places().results, JSON.stringify({ tests, failures }));
  // Whatever ends this early is told from a test that never began.
  write(0);
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('pass', (test) => tests.push({ title: test.fullTitle(), milliseconds: test.duration ?? 0 }));
    runner.on('fail', (test, error: Error) => {
      tests.push({ title: test.fullTitle(), milliseconds: 0, failed: error.stack ?? error.message });
      write(tests.length);
    });
  });
  write(failures);
  if (failures > 0) {
    throw new Error(`${failures} tests failed`);
  }
}

/** VS Code gives up searching a folder for projects after some seconds, which a busy machine may need. */
async function activated(): Promise<void> {
  await vscode.extensions.getExtension('glueline.glueline')?.activate();
}

/** What a test typed is not for the next one. */
async function takeBack(): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const document = vscode.workspace.textDocuments.find((one) => one.isDirty);
    if (document === undefined) return;
    try {
      await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
      await vscode.commands.executeCommand('workbench.action.files.revert');
    } catch (error) {
      // Settings are dirty for a moment while they are written, and an editor of a test may open late.
      if (tries === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** What the driver wants: it stands in the home that VS Code was given. */
function places(): { results: string; only?: string } {
  return JSON.parse(fs.readFileSync(path.join(process.env['HOME'] ?? '', 'places.json'), 'utf8')) as { results: string; only?: string };
}
