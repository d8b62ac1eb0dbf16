// What the tests share: files of the workspace, places in them, waiting.

import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

/** How long something is waited for: none of it takes long, but for a machine that has other things to do. */
const PATIENCE = 90;

/** What the extension hands out when it is activated. */
export interface Api {
  session: {
    client: LanguageClient | undefined;
    located: { command: string; from: string } | undefined;
    onDidChange: vscode.Event<void>;
    projects: {
      name: string;
      target: string | null;
      state: string;
      counts: Record<string, number> | null;
      session?: { id: string; state: string; text: string } | null;
      run?: { title: string; done: number; total: number } | null;
    }[];
  };
}

export async function api(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>('glueline.glueline');
  assert.ok(extension, 'the extension is installed');
  return extension.activate();
}

/** The process id of the server. */
export async function serverProcess(): Promise<number> {
  const { session } = await api();
  return eventually('a server', () => (session.client as unknown as { serverProcess?: { pid?: number } })?.serverProcess?.pid);
}

/** Where the server writes down its messages. */
export async function recordFile(): Promise<string> {
  const words = fs.readFileSync(`/proc/${await serverProcess()}/cmdline`, 'utf8').split('\0');
  const file = words[words.indexOf('--record') + 1] ?? '';
  assert.ok(file.endsWith('.jsonl'), words.join(' '));
  return file;
}

interface Progress {
  kind: string;
  title?: string;
  message?: string;
  cancellable?: boolean;
}

/** What the server has said so far. */
export async function record(): Promise<{ method?: string; params: { value: Progress } }[]> {
  const lines = fs.readFileSync(await recordFile(), 'utf8').split('\n');
  const whole = lines.slice(0, -1).map((line) => JSON.parse(line) as { from: string; message: { params: { value: Progress } } });
  return whole.filter(({ from }) => from === 'server').map(({ message }) => message);
}

export function uri(relative: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'a folder is open');
  return vscode.Uri.joinPath(folder.uri, relative);
}

export async function open(relative: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri(relative));
  await vscode.window.showTextDocument(document, { preview: false, viewColumn: vscode.ViewColumn.One });
  return document;
}

/** The place that `|` marks in a piece of the text. */
export function place(document: vscode.TextDocument, marked: string): vscode.Position {
  const mark = marked.indexOf('|');
  const piece = marked.replace('|', '');
  const at = document.getText().indexOf(piece);
  assert.ok(mark >= 0 && at >= 0, `${marked} stands in ${document.fileName}`);
  return document.positionAt(at + mark);
}

/** Replaces a piece of a text that is open; nothing is saved. */
export async function replace(document: vscode.TextDocument, piece: string, by: string): Promise<void> {
  const begin = place(document, `|${piece}`);
  const range = new vscode.Range(begin, document.positionAt(document.offsetAt(begin) + piece.length));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, by);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** Takes back what was typed, so that the next test finds the file as it is on the disk. */
export async function revert(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
  await vscode.commands.executeCommand('workbench.action.files.revert');
}

export function rules(of: vscode.Uri): string[] {
  return vscode.languages.getDiagnostics(of).map(rule);
}

export function rule(diagnostic: vscode.Diagnostic): string {
  const { code } = diagnostic;
  return String(typeof code === 'object' ? code.value : code);
}

/** Waits until rules are reported of a file, and others are not. */
export function reported(of: vscode.Uri, expected: string[], absent: string[] = []): Promise<string[]> {
  const what = `[${expected.join(', ')}] and not [${absent.join(', ')}] in ${path.basename(of.path)}`;
  return eventually(what, () => {
    const found = rules(of);
    const all = expected.every((name) => found.includes(name)) && !absent.some((name) => found.includes(name));
    return all ? found : undefined;
  });
}

/** Waits for something; says what it was where it never comes. */
export async function eventually<T>(what: string, get: () => T | undefined | Promise<T | undefined>, seconds = PATIENCE): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await get();
    if (found !== undefined && found !== false) {
      return found;
    }
    if (Date.now() > end) {
      throw new Error(`${what}: not within ${seconds} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Writes a file as another program would. */
export function writeOutside(of: vscode.Uri, text: string): void {
  fs.writeFileSync(of.fsPath, text);
}

/** The text of a hover or a label. */
export function words(contents: (vscode.MarkdownString | vscode.MarkedString)[]): string {
  return contents.map((one) => (typeof one === 'string' ? one : one.value)).join('\n');
}

/** What a provider answers at a place, once it answers anything. */
export async function ask<T>(command: string, ...arguments_: unknown[]): Promise<T[]> {
  return eventually(`an answer of ${command}`, async () => {
    const found = await vscode.commands.executeCommand<T[] | undefined>(command, ...arguments_);
    return found !== undefined && found !== null && found.length > 0 ? found : undefined;
  });
}
