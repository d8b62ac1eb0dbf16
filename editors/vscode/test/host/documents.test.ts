import * as assert from 'node:assert/strict';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { eventually, open, place, replace, reported, uri } from './helpers';

const ORDERS = 'shop/models/marts/sales/fct_orders.sql';

/** The document that a command opened beside the editor. */
async function beside(command: string, scheme: string): Promise<vscode.TextEditor> {
  await vscode.commands.executeCommand(command);
  return eventually(`a ${scheme} beside`, () =>
    vscode.window.visibleTextEditors.find(({ document, viewColumn }) => document.uri.scheme === scheme && viewColumn === vscode.ViewColumn.Two),
  );
}

suite('documents of the server', () => {
  teardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  test('compiled SQL opens beside its model, and follows what is typed', async () => {
    const model = await open(ORDERS);
    const { document } = await beside('glueline.compile', 'glueline-compiled');
    assert.equal(document.languageId, 'sql');
    assert.equal(path.basename(document.uri.path), 'fct_orders.compiled.sql');
    assert.ok(!document.getText().includes('{{'), document.getText());
    assert.match(document.getText(), /stg_orders/);
    assert.equal(vscode.window.activeTextEditor?.document, model);
    await replace(model, "ref('stg_orders')", "ref('stg_customers')");
    await eventually('the other model', () => document.getText().includes('stg_customers') || undefined);
    assert.ok(document.isDirty === false && document.isUntitled === false);
  });

  test('a preview opens beside its model, and follows what is typed elsewhere', async () => {
    await open(ORDERS);
    const { document } = await beside('glueline.preview', 'glueline-preview');
    assert.equal(path.basename(document.uri.path), 'fct_orders.preview.sql');
    assert.match(document.getText(), /merge into|create (or replace )?table/i);
    const lookback = await open('shop/macros/first_day_read.sql');
    const before = document.getText();
    const text = lookback.getText();
    await replace(lookback, text, text.replace(/\{%-? *endmacro/, ' /* another day */ $&'));
    await eventually('another preview', () => document.getText() !== before || undefined);
  });

  test('a model that cannot be rendered says why', async () => {
    const model = await open('shop-faulty/models/marts/late_payments.sql');
    await reported(model.uri, ['missing-ref']);
    const { document } = await beside('glueline.compile', 'glueline-compiled');
    assert.match(document.getText(), /late_payments.* cannot be compiled: .*days_between/);
  });

  test('outlive a restart of the server', async () => {
    const model = await open(ORDERS);
    const { document } = await beside('glueline.compile', 'glueline-compiled');
    await vscode.commands.executeCommand('glueline.restart');
    await replace(model, 'coalesce(totals.line_count, 0) as line_count', '17 as line_count');
    await eventually('what was typed', () => document.getText().includes('17 as line_count') || undefined);
  });

  test('the cursor is followed both ways', async () => {
    const model = await open(ORDERS);
    const compiled = await beside('glueline.compile', 'glueline-compiled');
    const { client } = (await vscode.extensions.getExtension('glueline.glueline')?.activate()).session;
    const at = place(model, "{{ ref('int_|order_totals') }}");
    const there = await client.sendRequest('glueline/sourceMap', {
      uri: model.uri.toString(),
      position: at,
      document: compiled.document.uri.toString(),
    });
    assert.equal(there.ranges.length, 1);
    const range = client.protocol2CodeConverter.asRange(there.ranges[0]) as vscode.Range;
    assert.match(compiled.document.getText(range), /int_order_totals/);
    const back = await client.sendRequest('glueline/sourceMap', {
      uri: compiled.document.uri.toString(),
      position: range.start,
    });
    assert.equal(back.uri, uri(ORDERS).toString());
    assert.ok((client.protocol2CodeConverter.asRange(back.ranges[0]) as vscode.Range).contains(at));
  });

  test('a call of a macro is expanded', async () => {
    const model = await open(ORDERS);
    const at = place(model, 'since_|lookback(');
    const editor = await vscode.window.showTextDocument(model, vscode.ViewColumn.One);
    editor.selection = new vscode.Selection(at, at);
    await vscode.commands.executeCommand('glueline.expandMacro');
    const expanded = await eventually('the expansion', () =>
      vscode.window.visibleTextEditors.find(({ viewColumn }) => viewColumn === vscode.ViewColumn.Two),
    );
    assert.equal(path.basename(expanded.document.uri.path), 'fct_orders.expanded.sql');
    assert.match(expanded.document.getText(), /to_date\(updated_at\) >=/);
  });
});
