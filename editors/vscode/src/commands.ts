// The commands. What the server can do is only handed on.

import * as vscode from 'vscode';
import { type CancellationToken, ExecuteCommandRequest, type Location, LSPErrorCodes, type Position, ResponseError } from 'vscode-languageclient/node';
import type { Rows } from './page/messages';
import { type Asked, RowsPanels } from './rows';
import type { Session } from './session';
import { shown } from './status';

const OF_THE_SERVER = [
  'glueline.run',
  'glueline.runCancel',
  'glueline.session.start',
  'glueline.session.stop',
  'glueline.session.status',
  'glueline.catalogPull',
];

const SHOWING_A_DOCUMENT = ['glueline.preview', 'glueline.compile', 'glueline.expandMacro'];

/** What is shown of the place of the cursor besides the node: the part of its query there, or what is selected. */
const SHOWING_ROWS: Record<string, (editor: vscode.TextEditor | undefined) => Asked> = {
  'glueline.show': () => ({}),
  'glueline.showPart': () => ({ cte: true }),
  'glueline.showSelection': (editor) => (editor === undefined ? {} : { query: editor.document.getText(editor.selection) }),
};

export function registerCommands(session: Session, extension: vscode.Uri): vscode.Disposable {
  const command = (name: string, action: (...given: unknown[]) => unknown) => vscode.commands.registerCommand(name, action);
  const rows = new RowsPanels(extension, (asked, until) => rowsOf(session, asked, until));
  return vscode.Disposable.from(
    rows,
    ...Object.entries(SHOWING_ROWS).map(([name, more]) =>
      command(name, (...given) => rows.show({ ...place(given)[0], ...more(vscode.window.activeTextEditor) })),
    ),
    ...OF_THE_SERVER.map((name) => command(name, (...given) => execute(session, name, given))),
    ...SHOWING_A_DOCUMENT.map((name) => command(name, (...given) => show(session, name, given))),
    command('glueline.showReferences', (...given) => showReferences(session, given)),
    command('glueline.restart', () => session.restart()),
    command('glueline.showLogs', () => session.log.show()),
    command('glueline.menu', () => menu(session)),
  );
}

/** Has the server do something; with no arguments, where the cursor stands. How far it is, the server tells by itself. */
async function execute(session: Session, name: string, given: unknown[], until?: CancellationToken): Promise<unknown> {
  const client = await session.ready();
  const asked = { command: name, arguments: place(given) };
  return client?.sendRequest(ExecuteCommandRequest.type, asked, until).catch((error: unknown) => {
    if (error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled) {
      return;
    }
    // Thrown on, VS Code would put it into a dialog that has to be closed.
    void vscode.window.showErrorMessage(`Glueline: ${error instanceof Error ? error.message : String(error)}`);
  });
}

async function rowsOf(session: Session, asked: Asked, until?: CancellationToken): Promise<Rows | undefined> {
  const answer = (await execute(session, 'glueline.show', [asked], until)) as Rows | null | undefined;
  return answer ?? undefined;
}

/** What the server is asked about: what a lens names, the file of a menu, or the cursor. */
function place(given: unknown[]): object[] {
  const [first] = given;
  if (first instanceof vscode.Uri) {
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === first.toString());
    return [{ uri: first.toString(), ...(editor === undefined ? {} : { position: cursor(editor) }) }];
  }
  if (given.length > 0) {
    return given.filter((one) => typeof one === 'object' && one !== null);
  }
  const editor = vscode.window.activeTextEditor;
  return editor === undefined ? [{}] : [{ uri: editor.document.uri.toString(), position: cursor(editor) }];
}

function cursor(editor: vscode.TextEditor): Position {
  const { line, character } = editor.selection.active;
  return { line, character };
}

/** Opens the document that the server names, beside the text it was made of. */
async function show(session: Session, name: string, given: unknown[]): Promise<void> {
  const answer = (await execute(session, name, given)) as { uri?: string } | null | undefined;
  if (typeof answer?.uri !== 'string') {
    return;
  }
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(answer.uri, true));
  const options = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: false };
  await vscode.window.showTextDocument(document, options);
}

/** Shows the places that a lens tells of: an address, a position and locations, as the server writes them. */
async function showReferences(session: Session, given: unknown[]): Promise<void> {
  const client = await session.ready();
  const [uri, position, locations] = given as [string, Position, Location[]];
  if (client !== undefined) {
    const { asPosition, asLocation } = client.protocol2CodeConverter;
    const places = locations.map((location) => asLocation(location));
    await vscode.commands.executeCommand('editor.action.showReferences', vscode.Uri.parse(uri), asPosition(position), places);
  }
}

/** What the status item offers, as things stand. */
async function menu(session: Session): Promise<void> {
  const project = shown(session.projects);
  const node = /\.(sql|py)$/.test(vscode.window.activeTextEditor?.document.uri.path ?? '');
  const offers: [boolean, string, string, string?][] = [
    [Boolean(project?.run), '$(debug-stop) Cancel Run', 'glueline.runCancel'],
    [node, '$(play) Run on Glue', 'glueline.run'],
    [node, '$(table) Show Rows', 'glueline.show'],
    [node, '$(open-preview) Preview What Runs', 'glueline.preview'],
    [node, '$(file-code) Show Compiled SQL', 'glueline.compile'],
    [!project?.session, '$(server-environment) Start Session', 'glueline.session.start'],
    [Boolean(project?.session), '$(info) Show Session Status', 'glueline.session.status'],
    [Boolean(project?.session), '$(stop-circle) Stop Session', 'glueline.session.stop'],
    [true, '$(cloud-download) Pull Catalog', 'glueline.catalogPull'],
    [true, '$(output) Show Logs', 'glueline.showLogs'],
    [true, '$(debug-restart) Restart', 'glueline.restart'],
    [true, '$(gear) Settings', 'workbench.action.openSettings', '@ext:glueline.glueline'],
  ];
  const entries = offers.filter(([is]) => is).map(([, label, command, argument]) => ({ label, command, argument }));
  const chosen = await vscode.window.showQuickPick(entries, { title: 'Glueline' });
  if (chosen !== undefined) {
    await vscode.commands.executeCommand(chosen.command, ...(chosen.argument === undefined ? [] : [chosen.argument]));
  }
}
