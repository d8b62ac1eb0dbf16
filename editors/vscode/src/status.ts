// The status item: what the server does, the project of the editor, and a menu.

import * as vscode from 'vscode';
import type { Health, ProjectStatus, Session } from './session';

const LOOKS: Record<Health, { icon: string; says: string }> = {
  starting: { icon: 'sync~spin', says: 'The server is starting.' },
  running: { icon: 'check', says: 'The server is running.' },
  stopped: { icon: 'error', says: 'The server has stopped.' },
  missing: { icon: 'error', says: 'There is no server.' },
};

const STATES: Record<ProjectStatus['state'], { icon: string; says: string }> = {
  loading: { icon: 'sync~spin', says: 'it is being read' },
  checking: { icon: 'sync~spin', says: 'it is being checked' },
  ready: { icon: 'check', says: 'checked' },
  failed: { icon: 'error', says: 'it cannot be read' },
};

const RUNS = { icon: 'loading~spin' };

export function showStatus(session: Session): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('glueline.status', vscode.StatusBarAlignment.Left, 10);
  item.name = 'Glueline';
  item.command = 'glueline.menu';
  const show = () => {
    const { health } = session;
    const runs = health === 'running';
    const project = runs ? shown(session.projects) : undefined;
    const { icon } = project === undefined ? LOOKS[health] : project.run ? RUNS : STATES[project.state];
    item.text = `$(${icon}) ${project === undefined ? 'Glueline' : `Glueline: ${title(project)}`}`;
    item.tooltip = tooltip(session);
    const broken = health === 'stopped' || health === 'missing';
    const color = broken ? 'statusBarItem.errorBackground' : project?.state === 'failed' ? 'statusBarItem.warningBackground' : undefined;
    item.backgroundColor = color === undefined ? undefined : new vscode.ThemeColor(color);
    item.show();
    void vscode.commands.executeCommand('setContext', 'glueline.active', runs);
    void vscode.commands.executeCommand('setContext', 'glueline.running', session.projects.some(({ run }) => Boolean(run)));
  };
  return vscode.Disposable.from(item, session.onDidChange(show), vscode.window.onDidChangeActiveTextEditor(show));
}

/** The project of the file that is edited, innermost first; where none is, the only one. */
export function shown(projects: readonly ProjectStatus[]): ProjectStatus | undefined {
  const file = vscode.window.activeTextEditor?.document.uri.path ?? '';
  const around = projects.filter(({ uri }) => file.startsWith(`${vscode.Uri.parse(uri).path}/`));
  const [innermost] = around.sort((one, other) => other.uri.length - one.uri.length);
  return innermost ?? (projects.length === 1 ? projects[0] : undefined);
}

function title({ name, target }: ProjectStatus): string {
  return target === null ? name : `${name} (${target})`;
}

function tooltip(session: Session): vscode.MarkdownString {
  const text = new vscode.MarkdownString(undefined, true);
  for (const project of session.projects) {
    const { icon, says } = STATES[project.state];
    text.appendMarkdown(`$(${icon}) ${plain(`${title(project)}: ${counted(project) ?? project.reason ?? says}`)}\n\n`);
    if (project.run) {
      const { title: what, done, total } = project.run;
      text.appendMarkdown(`$(${RUNS.icon}) ${plain(`${what}: ${done} of ${total} done`)}\n\n`);
    }
    if (project.session) {
      text.appendMarkdown(`$(server-environment) ${plain(`Session ${project.session.id}: ${project.session.text}`)}\n\n`);
    }
  }
  const version = session.client?.initializeResult?.serverInfo?.version;
  text.appendMarkdown(session.projects.length > 0 ? '---\n\n' : '');
  text.appendMarkdown(plain(`${LOOKS[session.health].says}${version === undefined ? '' : ` It is version ${version}.`}`));
  if (session.located !== undefined) {
    text.appendMarkdown(`\n\n${plain(session.located.command)}`);
  }
  return text;
}

/** A text that says in Markdown what it says; unlike `appendText`, it may be broken between words. */
function plain(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+\-.!~<>&|$]/g, '\\$&');
}

function counted({ state, counts }: ProjectStatus): string | undefined {
  if (state !== 'ready' || counts === null) {
    return undefined;
  }
  const { models, error, warning, info, hint } = counts;
  const found = [many(error, 'error'), many(warning, 'warning'), many(info, 'note'), many(hint, 'hint')].filter((one) => one !== '');
  return `${many(models, 'model') || 'no models'}, ${found.join(', ') || 'no findings'}`;
}

function many(count: number, word: string): string {
  return count === 0 ? '' : `${count} ${word}${count === 1 ? '' : 's'}`;
}
