// The status item: what the server does, and a menu.

import * as vscode from 'vscode';
import type { Health, Session } from './session';

const LOOKS: Record<Health, { icon: string; says: string }> = {
  starting: { icon: 'sync~spin', says: 'The server is starting.' },
  running: { icon: 'check', says: 'The server is running.' },
  stopped: { icon: 'error', says: 'The server has stopped.' },
  missing: { icon: 'error', says: 'There is no server.' },
};

export function showStatus(session: Session): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('glueline.status', vscode.StatusBarAlignment.Left, 10);
  item.name = 'Glueline';
  item.command = 'glueline.menu';
  const show = (health: Health) => {
    const { icon, says } = LOOKS[health];
    item.text = `$(${icon}) Glueline`;
    const version = session.client?.initializeResult?.serverInfo?.version;
    const which = version === undefined ? '' : ` It is version ${version}.`;
    item.tooltip = new vscode.MarkdownString(`${says}${which}\n\n${session.located?.command ?? ''}`);
    if (health === 'stopped' || health === 'missing') {
      item.backgroundColor = new vscode.ThemeColor('statusBarItem.errorBackground');
    } else {
      item.backgroundColor = undefined;
    }
    item.show();
    void vscode.commands.executeCommand('setContext', 'glueline.active', health === 'running');
  };
  return vscode.Disposable.from(item, session.onDidChange(show));
}
