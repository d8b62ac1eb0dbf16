import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as vscode from 'vscode';
import { api, ask, eventually, open, place, recordFile, reported, serverProcess, uri } from './helpers';

suite('the server', () => {
  test('is started with the workspace, and is the one of the settings', async () => {
    const { session } = await api();
    assert.equal(session.located?.from, 'setting');
    assert.ok(await serverProcess());
    assert.equal(session.client?.initializeResult?.serverInfo?.name, 'glueline');
  });

  test('tells of its projects', async () => {
    const { session } = await api();
    // What the tests before this one typed is taken back, but may not be checked yet.
    const [shop, faulty, ...others] = await eventually('two projects that are checked', () => {
      const { projects } = session;
      return projects.every(({ state }) => state === 'ready') && projects[0]?.counts?.['error'] === 0 ? projects : undefined;
    });
    assert.deepEqual([shop?.name, shop?.target, faulty?.name, faulty?.target, ...others], ['shop', 'dev', 'shop_faulty', 'dev']);
    assert.ok((faulty?.counts?.['error'] ?? 0) > 10 && (shop?.counts?.['models'] ?? 0) > 30, JSON.stringify([shop, faulty]));
  });

  test('speaks whatever language a model is said to be written in', async () => {
    const document = await open('shop/models/staging/shop/stg_orders.sql');
    const other = await vscode.languages.setTextDocumentLanguage(document, 'plaintext');
    await ask('vscode.executeHoverProvider', other.uri, place(other, "source('shop_raw', 'ord|ers')"));
    await vscode.languages.setTextDocumentLanguage(other, 'sql');
  });

  test('is another process after a restart, and knows what is open', async () => {
    const document = await open('shop-faulty/models/marts/fct_orders.sql');
    await reported(document.uri, ['merge-without-unique-key']);
    const before = await serverProcess();
    await vscode.commands.executeCommand('glueline.restart');
    const after = await eventually('another server', async () => {
      const now = await serverProcess();
      return now === before ? undefined : now;
    });
    await eventually('the end of the first', () => (fs.existsSync(`/proc/${before}`) ? undefined : true));
    assert.ok(fs.existsSync(`/proc/${after}`));
    await reported(document.uri, ['merge-without-unique-key']);
  });

  test('comes back when it is killed', async () => {
    const before = await serverProcess();
    const record = await recordFile();
    process.kill(before, 'SIGKILL');
    await eventually('another server', async () => {
      const now = await serverProcess();
      return now === before ? undefined : now;
    });
    await reported(uri('shop-faulty/models/marts/fct_orders.sql'), ['merge-without-unique-key']);
    // A talk that was cut off holds questions without an answer: it is none to be judged.
    fs.rmSync(record);
  });

  test('has every command that is offered', async () => {
    const known = await vscode.commands.getCommands(true);
    const { contributes } = vscode.extensions.getExtension('glueline.glueline')?.packageJSON as { contributes: { commands: { command: string }[] } };
    assert.deepEqual(contributes.commands.map(({ command }) => command).filter((command) => !known.includes(command)), []);
  });

  test('is the bundled one where no other is named, and none where the named one is missing', async () => {
    const settings = vscode.workspace.getConfiguration('glueline');
    const named = settings.get<string>('path');
    const { session } = await api();
    const restarted = async (path: string | undefined) => {
      await settings.update('path', path, vscode.ConfigurationTarget.Global);
      await vscode.commands.executeCommand('glueline.restart');
    };
    try {
      await restarted('');
      assert.equal(session.located?.from, 'bundle');
      assert.equal(fs.readlinkSync(`/proc/${await serverProcess()}/exe`), session.located?.command);
      await restarted('/nowhere/glueline');
      assert.ok(session.located === undefined && session.client === undefined);
    } finally {
      await restarted(named);
    }
    assert.equal((await api()).session.located?.from, 'setting');
    assert.ok(await serverProcess());
  });
});
