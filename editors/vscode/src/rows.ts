// Panels with the rows of a node: one for each, filled anew when its rows are asked for again.

import * as vscode from 'vscode';
import { html } from './page/html';
import type { FromPage, Rows, ToPage } from './page/messages';

/** What rows are asked of: the arguments of `glueline.show`. */
export interface Asked {
  readonly uri?: string;
  readonly position?: object;
  readonly node?: string;
  readonly cte?: boolean | string;
  readonly query?: string;
  readonly limit?: number;
}

/** Asks the server for rows; nothing comes back where it has none, and why is said already, or where nobody waits any more. */
export type Ask = (asked: Asked, until?: vscode.CancellationToken) => Promise<Rows | undefined>;

/** What a panel shows, and how it came to be. */
interface Shown {
  readonly panel: vscode.WebviewPanel;
  rows: Rows;
  asked: Asked;
  /** Cancelled when it is closed: rows that it waits for are asked for no more. */
  readonly closed: vscode.CancellationTokenSource;
}

export class RowsPanels implements vscode.Disposable {
  private readonly open = new Map<string, Shown>();
  private readonly page: Promise<[string, string]>;

  constructor(
    extension: vscode.Uri,
    private readonly ask: Ask,
  ) {
    const read = async (name: string) => new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, 'dist', name)));
    this.page = Promise.all([read('rows.js'), read('rows.css')]);
  }

  dispose(): void {
    for (const { panel } of [...this.open.values()]) {
      panel.dispose();
    }
  }

  /** Asks for rows, and shows them in the panel of their node. */
  async show(asked: Asked, until?: vscode.CancellationToken): Promise<void> {
    const rows = await this.ask(asked, until);
    if (rows === undefined || until?.isCancellationRequested) {
      return;
    }
    const again = byName(asked, rows);
    const shown = this.open.get(rows.uri);
    if (shown === undefined) {
      await this.create(rows, again);
    } else {
      Object.assign(shown, { rows, asked: again });
      tell(shown, { rows });
      shown.panel.reveal(undefined, true);
    }
  }

  private async create(rows: Rows, asked: Asked): Promise<void> {
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const options = { enableScripts: true, localResourceRoots: [], enableFindWidget: true };
    const panel = vscode.window.createWebviewPanel('glueline.rows', `Rows: ${rows.title}`, place, options);
    const shown: Shown = { panel, rows, asked, closed: new vscode.CancellationTokenSource() };
    this.open.set(rows.uri, shown);
    panel.onDidDispose(() => {
      this.open.delete(rows.uri);
      shown.closed.cancel();
    });
    panel.webview.onDidReceiveMessage((message: FromPage) => this.told(shown, message));
    panel.webview.html = html(...(await this.page));
  }

  private async told(shown: Shown, message: FromPage): Promise<void> {
    switch (message.is) {
      // A page that was out of sight begins from nothing.
      case 'ready':
        return tell(shown, { rows: shown.rows });
      case 'copy':
        return vscode.env.clipboard.writeText(message.text);
      case 'again':
        tell(shown, { busy: true });
        await this.show({ ...shown.asked, limit: message.limit }, shown.closed.token);
        return shown.closed.token.isCancellationRequested ? undefined : tell(shown, { busy: false });
    }
  }
}

/** What is asked again for the same rows: a node and its part are named, since their place may be another by then. */
function byName(asked: Asked, { node, cte }: Rows): Asked {
  const { position, ...rest } = asked;
  return node === null || asked.query !== undefined ? asked : { ...rest, node, ...(cte === null ? {} : { cte }) };
}

function tell({ panel }: Shown, message: ToPage): void {
  void panel.webview.postMessage(message);
}
