import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as vscode from 'vscode';
import { api, eventually, open, record, replace, revert, rules, uri } from './helpers';

const ORDERS = 'shop/models/staging/shop/stg_orders.sql';
const LEFT_BEHIND = 'shop/target';

interface Outcome {
  status: string;
  nodes: { unique_id: string; status: string; message: string | null }[];
}

/** Runs the model as it stands in the editor; a question is answered with a button. */
async function run(document: vscode.TextDocument, answer?: string): Promise<{ outcome: Outcome; asked: string[] }> {
  const asked: string[] = [];
  const { client } = (await api()).session;
  client?.onRequest('window/showMessageRequest', ({ message, actions }: { message: string; actions: { title: string }[] }) => {
    asked.push(message);
    return actions.find(({ title }) => title === answer) ?? null;
  });
  const outcome = await vscode.commands.executeCommand<Outcome>('glueline.run', document.uri);
  return { outcome, asked };
}

/** Writes another text in the place of the whole model. Nothing is saved. */
async function rewrite(document: vscode.TextDocument, text: string): Promise<void> {
  await replace(document, document.getText(), text);
}

async function project() {
  const { session } = await api();
  return session.projects.find(({ name }) => name === 'shop');
}

suite('runs', () => {
  suiteTeardown(async () => {
    await vscode.workspace.fs.delete(uri(LEFT_BEHIND), { recursive: true });
    // The questions of a server that is started anew are VS Code's again.
    await vscode.commands.executeCommand('glueline.restart');
  });

  test('of a model say how far they are, and how it went', async () => {
    const document = await open(ORDERS);
    const seen: string[] = [];
    const listening = (await api()).session.onDidChange(async () => {
      const now = (await project())?.run;
      if (now) seen.push(now.title);
    });
    const { outcome } = await run(document);
    listening.dispose();
    assert.equal(outcome.status, 'success', JSON.stringify(outcome));
    const model = outcome.nodes.find(({ unique_id }) => unique_id === 'model.shop.stg_orders');
    assert.equal(model?.status, 'success', JSON.stringify(outcome));
    assert.ok(seen.some((title) => title.includes('stg_orders')), seen.join(', '));
    const told = (await record()).filter(({ method }) => method === '$/progress').map(({ params }) => params.value);
    assert.ok(told.some(({ kind, title, cancellable }) => kind === 'begin' && /Run .*stg_orders/.test(title ?? '') && cancellable), JSON.stringify(told));
    assert.ok(told.some(({ kind, message }) => kind === 'report' && /\d of \d model .*stg_orders/.test(message ?? '')), JSON.stringify(told));
    assert.equal(told.at(-1)?.kind, 'end');
  });

  test('leave a session that the status tells of', async () => {
    const session = await eventually('a session', async () => (await project())?.session ?? undefined);
    assert.deepEqual([session.id, session.state], ['shop-dev-local', 'READY']);
    assert.match(session.text, /^ready, Spark 3\.5/);
  });

  test('run what is typed, and an error comes home', async () => {
    const document = await open(ORDERS);
    await rewrite(document, 'select 1 as order_id,\n  2 as refused_by_spark\n');
    const { outcome } = await run(document);
    assert.equal(outcome.status, 'failed', JSON.stringify(outcome));
    const home = await eventually('the error', () =>
      vscode.languages.getDiagnostics(document.uri).find(({ message }) => message.includes('refused_by_spark')),
    );
    assert.equal(document.getText(home.range), 'refused_by_spark');
    assert.equal(home.severity, vscode.DiagnosticSeverity.Error);
    await replace(document, 'refused_by_spark', 'x');
    await eventually('the error to go', () =>
      !vscode.languages.getDiagnostics(document.uri).some(({ message }) => message.includes('refused_by_spark')) || undefined,
    );
    const again = await run(document);
    assert.equal(again.outcome.status, 'success', JSON.stringify(again.outcome));
    await revert(document);
  });

  test('ask before something is lost', async () => {
    const document = await open(ORDERS);
    await rewrite(document, "{{ config(pre_hook='drop table shop_dev_staging.kept_by_others') }}\nselect 1 as order_id\n");
    const refused = await run(document, 'Cancel');
    assert.equal(refused.outcome.status, 'asks', JSON.stringify(refused.outcome));
    assert.match(refused.asked.join('\n'), /kept_by_others/);
    assert.equal(refused.asked.length, 1);
    const agreed = await run(document, 'Run anyway');
    assert.equal(agreed.outcome.status, 'success', JSON.stringify(agreed.outcome));
    await revert(document);
  });

  test('are cancelled', async () => {
    const document = await open(ORDERS);
    await rewrite(document, "select 'wait_for_me' as order_id\n");
    const over = run(document);
    await eventually('the run', async () => ((await project())?.run?.title.includes('stg_orders') ? true : undefined));
    const second = await vscode.commands.executeCommand('glueline.run', document.uri);
    assert.equal(second, undefined);
    const cancelled = await vscode.commands.executeCommand('glueline.runCancel', document.uri);
    assert.deepEqual(cancelled, { cancelled: 1 });
    assert.equal((await over).outcome.status, 'interrupted');
    await eventually('no run', async () => !(await project())?.run || undefined);
    await revert(document);
  });

  test('show rows in one panel of the node', async () => {
    const document = await open(ORDERS);
    const panels = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(({ label }) => label === 'Rows: stg_orders');
    await vscode.commands.executeCommand('glueline.show', document.uri);
    await eventually('the panel', () => panels()[0]);
    await vscode.commands.executeCommand('glueline.show', document.uri);
    const [panel, ...others] = panels();
    assert.equal(others.length, 0);
    assert.ok(panel?.input instanceof vscode.TabInputWebview && panel.input.viewType.includes('glueline.rows'));
    await vscode.window.tabGroups.close(panels());
  });

  test('show rows of a part and of what is selected', async () => {
    const document = await open(ORDERS);
    const text = 'with part as (select 1 as n)\nselect * from part\n';
    await rewrite(document, text);
    const editor = await vscode.window.showTextDocument(document);
    const select = (words: string) => {
      const start = document.getText().indexOf(words);
      editor.selection = new vscode.Selection(document.positionAt(start), document.positionAt(start + words.length));
    };
    const panel = (label: string) => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find((tab) => tab.label === label);
    for (const [command, label] of [
      ['glueline.showPart', 'Rows: stg_orders.part'],
      ['glueline.showSelection', 'Rows: query'],
    ] as const) {
      await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
      select('select 1 as n');
      await vscode.commands.executeCommand(command);
      const shown = await eventually(label, () => panel(label));
      await vscode.window.tabGroups.close(shown);
    }
    await revert(document);
  });

  test('leave a session that a server that is started anew knows of', async () => {
    await vscode.commands.executeCommand('glueline.restart');
    const session = await eventually('the session', async () => (await project())?.session ?? undefined);
    assert.deepEqual([session.id, session.state], ['shop-dev-local', 'ON RECORD']);
  });

  test('have a catalog that is pulled, and a session that is asked about and stopped', async () => {
    const document = await open(ORDERS);
    const pulled = await vscode.commands.executeCommand<{ path: string; tables: number }>('glueline.catalogPull', document.uri);
    assert.equal(pulled.tables, 1);
    assert.ok(fs.existsSync(uri(`shop/${pulled.path}`).fsPath), pulled.path);
    const status = await vscode.commands.executeCommand<{ session: { state: string } }>('glueline.session.status', document.uri);
    assert.equal(status.session.state, 'READY');
    await eventually('what it costs', async () => (await project())?.session?.text.startsWith('ready, 2 × G.1X') || undefined);
    await vscode.commands.executeCommand('glueline.session.stop', document.uri);
    await eventually('no session', async () => {
      const left = (await project())?.session;
      return !left || !/ready/i.test(left.state) || undefined;
    });
    assert.deepEqual(rules(document.uri), []);
  });
});
