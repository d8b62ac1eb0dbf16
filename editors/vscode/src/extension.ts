// Starts the server, and shows what it says: everything else is the server's.

import * as vscode from 'vscode';
import { registerCommands } from './commands';
import { showDocuments } from './documents';
import { Session } from './session';
import { showStatus } from './status';

let current: Session | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<{ session: Session }> {
  const log = vscode.window.createOutputChannel('Glueline', { log: true });
  const session = new Session(context, log);
  current = session;
  context.subscriptions.push(log, session, showStatus(session), registerCommands(session, context.extensionUri), showDocuments(session));
  await session.start();
  return { session };
}

export async function deactivate(): Promise<void> {
  await current?.stop();
}
