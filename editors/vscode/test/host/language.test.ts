import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ask, open, place, replace, revert, uri, words } from './helpers';

const ORDERS = 'shop/models/marts/sales/fct_orders.sql';

suite('at a place', () => {
  test('hover says what a ref is', async () => {
    const document = await open(ORDERS);
    const [hover] = await ask<vscode.Hover>('vscode.executeHoverProvider', document.uri, place(document, "ref('stg|_orders')"));
    const said = words(hover?.contents ?? []);
    assert.match(said, /stg_orders/);
    assert.match(said, /Orders with codes and states in one spelling/);
  });

  test('completion offers models in a ref that is half typed', async () => {
    const document = await open(ORDERS);
    await replace(document, "ref('stg_orders')", "ref('stg_o')");
    const at = place(document, "ref('stg_o|");
    const list = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, at);
    const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(labels.includes('stg_orders') && labels.includes('stg_order_lines'), labels.slice(0, 20).join(', '));
    await revert(document);
  });

  test('signature help names the parameters of a macro', async () => {
    const document = await open('shop/models/marts/fulfilment/fct_shipments.sql');
    const at = place(document, "newest_first(['shipment_id'], |'updated_at')");
    const help = await vscode.commands.executeCommand<vscode.SignatureHelp>('vscode.executeSignatureHelpProvider', document.uri, at);
    assert.match(help.signatures[0]?.label ?? '', /newest_first\(keys, order_by\)/);
    assert.equal(help.activeParameter, 1);
  });

  test('definition of a model and of a macro', async () => {
    const document = await open(ORDERS);
    for (const [marked, expected] of [
      ["ref('stg|_orders')", 'shop/models/staging/shop/stg_orders.sql'],
      ['since_|lookback(', 'shop/macros/since_lookback.sql'],
    ] as const) {
      const found = await ask<vscode.Location | vscode.LocationLink>('vscode.executeDefinitionProvider', document.uri, place(document, marked));
      const targets = found.map((one) => ('targetUri' in one ? one.targetUri : one.uri).path);
      assert.ok(targets.includes(uri(expected).path), targets.join(', '));
    }
  });

  test('references of a model', async () => {
    const document = await open(ORDERS);
    const found = await ask<vscode.Location>('vscode.executeReferenceProvider', document.uri, place(document, "ref('stg|_orders')"));
    const files = new Set(found.map((one) => one.uri.path));
    for (const expected of [ORDERS, 'shop/models/marts/reporting/conversion_funnel.sql', 'shop/models/intermediate/int_order_lines_priced.sql']) {
      assert.ok(files.has(uri(expected).path), [...files].join(', '));
    }
  });

  test('rename of a macro changes every call', async () => {
    const document = await open(ORDERS);
    const at = place(document, 'since_|lookback(');
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>('vscode.executeDocumentRenameProvider', document.uri, at, 'since_day_read');
    const files = edit.entries().map(([of]) => of.path);
    assert.ok(files.includes(uri('shop/macros/since_lookback.sql').path), files.join(', '));
    assert.ok(files.includes(uri(ORDERS).path) && files.length >= 7, files.join(', '));
  });
});

suite('of a document', () => {
  test('symbols', async () => {
    const document = await open('shop/models/staging/shop/_shop_models.yml');
    const symbols = await ask<vscode.DocumentSymbol>('vscode.executeDocumentSymbolProvider', document.uri);
    const names = flat(symbols).map((symbol) => symbol.name);
    assert.ok(names.includes('stg_orders') && names.includes('order_id'), names.slice(0, 20).join(', '));
  });

  test('code lenses, and each of their commands exists', async () => {
    const document = await open(ORDERS);
    const lenses = await ask<vscode.CodeLens>('vscode.executeCodeLensProvider', document.uri, 100);
    const known = await vscode.commands.getCommands(true);
    for (const { command } of lenses) {
      assert.ok(command !== undefined, 'a lens is resolved');
      assert.ok(command.command === '' || known.includes(command.command), command.command);
    }
    const commands = lenses.map(({ command }) => command?.command);
    assert.ok(commands.includes('glueline.preview') && commands.includes('glueline.compile'), commands.join(', '));
  });

  test('inlay hints', async () => {
    const document = await open(ORDERS);
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = await ask<vscode.InlayHint>('vscode.executeInlayHintProvider', document.uri, whole);
    const labels = hints.map(({ label }) => (typeof label === 'string' ? label : label.map((part) => part.value).join('')));
    assert.ok(labels.some((label) => label.includes('stg_orders')), labels.join('; '));
  });

  test('folding, selection and semantic tokens', async () => {
    const document = await open(ORDERS);
    await ask('vscode.executeFoldingRangeProvider', document.uri);
    await ask('vscode.executeSelectionRangeProvider', document.uri, [place(document, "ref('stg|_orders')")]);
    const tokens = await vscode.commands.executeCommand<vscode.SemanticTokens>('vscode.provideDocumentSemanticTokens', document.uri);
    assert.ok(tokens.data.length > 0 && tokens.data.length % 5 === 0);
  });

  test('call hierarchy of a macro', async () => {
    const document = await open('shop/macros/since_lookback.sql');
    const [item] = await ask<vscode.CallHierarchyItem>('vscode.prepareCallHierarchy', document.uri, place(document, 'macro since_|lookback'));
    const calls = await ask<vscode.CallHierarchyIncomingCall>('vscode.provideIncomingCalls', item);
    assert.ok(calls.some(({ from }) => from.name.includes('fct_orders')), calls.map(({ from }) => from.name).join(', '));
  });
});

suite('of the workspace', () => {
  test('symbols of all projects', async () => {
    const found = await ask<vscode.SymbolInformation>('vscode.executeWorkspaceSymbolProvider', 'fct_orders');
    const files = found.map((symbol) => symbol.location.uri.path);
    for (const project of ['shop', 'shop-faulty']) {
      assert.ok(files.some((file) => file.includes(`/${project}/`)), files.join(', '));
    }
  });
});

function flat(symbols: vscode.DocumentSymbol[]): vscode.DocumentSymbol[] {
  return symbols.flatMap((symbol) => [symbol, ...flat(symbol.children)]);
}
