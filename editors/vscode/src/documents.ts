// Texts that the server makes: what is compiled, what a run sends. Shown beside their source, and kept beside it.

import * as vscode from 'vscode';
import type { LanguageClient, Range } from 'vscode-languageclient/node';
import type { Session } from './session';

const SCHEMES = ['glueline-compiled', 'glueline-preview'];

interface Mapped {
  uri: string;
  ranges: Range[];
}

export function showDocuments(session: Session): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const provider: vscode.TextDocumentContentProvider = {
    onDidChange: changed.event,
    provideTextDocumentContent: async (uri, token) => {
      const client = await session.ready();
      const answer = await client?.sendRequest<{ content: string }>('glueline/document', { uri: uri.toString() }, token);
      return answer?.content;
    },
  };
  const listen = (client: LanguageClient) => {
    client.onNotification('glueline/documentChanged', ({ uri }: { uri: string }) => changed.fire(vscode.Uri.parse(uri)));
    // The server before this one made what is shown.
    for (const { uri } of vscode.workspace.textDocuments.filter(isMade)) {
      changed.fire(uri);
    }
  };
  return vscode.Disposable.from(
    changed,
    ...SCHEMES.map((scheme) => vscode.workspace.registerTextDocumentContentProvider(scheme, provider)),
    session.onDidStart(listen),
    new CursorSync(session),
  );
}

function isMade(document: vscode.TextDocument): boolean {
  return SCHEMES.includes(document.uri.scheme);
}

/** Marks, in the text beside it, what the cursor's place became or came from. */
class CursorSync implements vscode.Disposable {
  private readonly mark = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.rangeHighlightForeground'),
    overviewRulerLane: vscode.OverviewRulerLane.Center,
  });
  private readonly listening: vscode.Disposable;
  private last = 0;

  constructor(private readonly session: Session) {
    this.listening = vscode.Disposable.from(
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => void this.follow(textEditor)),
      // The text that was marked is another now.
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        const { activeTextEditor } = vscode.window;
        if (isMade(document) && activeTextEditor !== undefined) {
          void this.follow(activeTextEditor);
        }
      }),
    );
  }

  dispose(): void {
    this.listening.dispose();
    this.mark.dispose();
  }

  private async follow(from: vscode.TextEditor): Promise<void> {
    const { client } = this.session;
    const others = vscode.window.visibleTextEditors.filter((editor) => editor !== from);
    const here = isMade(from.document);
    const documents = here ? [from.document] : others.map((editor) => editor.document).filter(isMade);
    if (client === undefined || from !== vscode.window.activeTextEditor || documents.length === 0) {
      return;
    }
    const mine = ++this.last;
    const place = { uri: from.document.uri.toString(), position: client.code2ProtocolConverter.asPosition(from.selection.active) };
    for (const document of documents) {
      const asked = here ? place : { ...place, document: document.uri.toString() };
      const mapped = await client.sendRequest<Mapped | null>('glueline/sourceMap', asked).catch(() => null);
      if (mine !== this.last) {
        return;
      }
      const wanted = mapped?.uri ?? (here ? undefined : document.uri.toString());
      for (const editor of others) {
        if (wanted !== undefined && editor.document.uri.toString() === vscode.Uri.parse(wanted).toString()) {
          this.show(editor, (mapped?.ranges ?? []).map((range) => client.protocol2CodeConverter.asRange(range)));
        }
      }
    }
  }

  private show(editor: vscode.TextEditor, ranges: vscode.Range[]): void {
    editor.setDecorations(this.mark, ranges);
    const [first] = ranges;
    if (first !== undefined) {
      editor.revealRange(first, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    }
  }
}
