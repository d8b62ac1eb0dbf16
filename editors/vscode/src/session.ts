// The client of one server: starting, stopping, commands.

import * as vscode from 'vscode';
import {
  type ClientCapabilities,
  type DocumentSelector,
  type FeatureState,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  type ServerCapabilities,
  State,
  type StaticFeature,
} from 'vscode-languageclient/node';
import { type Located, locate } from './locate';

/** By name and not by language: whichever extension colours a model, it is still a model. */
export const DOCUMENTS = [
  { scheme: 'file', pattern: '**/*.{sql,yml,yaml,py,md,csv,toml}' },
  { scheme: 'untitled', language: 'sql' },
  { scheme: 'untitled', language: 'jinja-sql' },
];

export type Health = 'starting' | 'running' | 'stopped' | 'missing';

/** What `glueline/status` tells of a project. */
export interface ProjectStatus {
  readonly uri: string;
  readonly name: string;
  readonly target: string | null;
  readonly state: 'loading' | 'checking' | 'ready' | 'failed';
  readonly reason: string | null;
  readonly counts: Readonly<Record<'models' | 'error' | 'warning' | 'info' | 'hint', number>> | null;
  /** The Glue session on record, in words. */
  readonly session?: { readonly id: string; readonly state: string; readonly text: string } | null;
  /** The run that goes on. */
  readonly run?: { readonly title: string; readonly done: number; readonly total: number } | null;
}

export class Session implements vscode.Disposable {
  private running: LanguageClient | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly started = new vscode.EventEmitter<LanguageClient>();

  /** The server's health, or what it tells of its projects, is another. */
  readonly onDidChange = this.changed.event;
  /** A server answers; what listens to it has to listen anew. */
  readonly onDidStart = this.started.event;
  located: Located | undefined;
  health: Health = 'starting';
  projects: readonly ProjectStatus[] = [];

  constructor(
    private readonly context: vscode.ExtensionContext,
    readonly log: vscode.LogOutputChannel,
  ) {}

  get client(): LanguageClient | undefined {
    return this.running?.isRunning() ? this.running : undefined;
  }

  start(): Promise<void> {
    return this.oneAfterAnother(() => this.startNow());
  }

  restart(): Promise<void> {
    return this.oneAfterAnother(async () => {
      await this.stopNow();
      await this.startNow();
    });
  }

  stop(): Promise<void> {
    return this.oneAfterAnother(() => this.stopNow());
  }

  /** The client, started if it has to be. */
  async ready(): Promise<LanguageClient | undefined> {
    if (this.client === undefined) {
      await this.start();
    }
    return this.client;
  }

  dispose(): void {
    this.changed.dispose();
    this.started.dispose();
  }

  private oneAfterAnother(action: () => Promise<void>): Promise<void> {
    const next = this.queue.then(action, action);
    this.queue = next.catch(() => undefined);
    return next;
  }

  private become(health: Health): void {
    this.health = health;
    if (health !== 'running') {
      this.projects = [];
    }
    this.changed.fire();
  }

  private async startNow(): Promise<void> {
    if (this.running?.state === State.Starting || this.running?.state === State.Running) {
      return;
    }
    await this.stopNow();
    const found = await locate(this.context);
    if (Array.isArray(found)) {
      this.located = undefined;
      this.become('missing');
      void this.sayMissing(found);
      return;
    }
    this.located = found;
    this.log.info(`Starting ${found.command} (${found.from})`);
    const run = { command: found.command, args: ['lsp'] };
    const client = new LanguageClient('glueline', 'Glueline', run, this.options());
    client.registerFeature(new RegisteredByUs());
    client.registerFeature(new Announced());
    client.onNotification('glueline/status', ({ projects }: { projects: ProjectStatus[] }) => {
      this.projects = projects;
      this.changed.fire();
    });
    client.onDidChangeState(({ newState }) => {
      this.become(HEALTH[newState]);
      if (newState === State.Running) {
        this.started.fire(client);
      }
    });
    this.running = client;
    await client.start().catch((error: unknown) => {
      this.log.error(`The server does not start: ${String(error)}`);
      this.become('stopped');
    });
  }

  private async stopNow(): Promise<void> {
    const client = this.running;
    this.running = undefined;
    await client?.dispose().catch((error: unknown) => this.log.warn(`The server did not stop in time: ${String(error)}`));
  }

  private options(): LanguageClientOptions {
    return {
      documentSelector: DOCUMENTS,
      outputChannel: this.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: vscode.workspace.getConfiguration('glueline'),
    };
  }

  private async sayMissing(places: string[]): Promise<void> {
    const settings = 'Open Settings';
    const answer = await vscode.window.showErrorMessage(`Glueline's server is not at ${places.join(', ')}.`, settings);
    if (answer === settings) {
      await vscode.commands.executeCommand('workbench.action.openSettings', 'glueline.path');
    }
  }
}

const HEALTH: Record<State, Health> = {
  [State.Starting]: 'starting',
  [State.StartFailed]: 'stopped',
  [State.Running]: 'running',
  [State.Stopped]: 'stopped',
};

/**
 * The client would register the server's commands and documents only while the server runs. Here they are registered once
 * (`commands.ts`, `documents.ts`): a command that is asked for early starts the server, and what is shown outlives it.
 */
class RegisteredByUs implements StaticFeature {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    delete capabilities.workspace?.textDocumentContent;
  }

  preInitialize(capabilities: ServerCapabilities, _selector: DocumentSelector | undefined): void {
    delete capabilities.executeCommandProvider;
    delete capabilities.workspace?.textDocumentContent;
  }

  initialize(): void {}

  getState(): FeatureState {
    return { kind: 'static' };
  }

  clear(): void {}
}

/** What the server may ask for beside what the protocol knows; to editors that do not announce it, it is never sent. */
class Announced implements StaticFeature {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    const others = capabilities.experimental as object | undefined;
    capabilities.experimental = { ...others, commands: { commands: ['glueline.showReferences'] }, glueline: { status: true } };
  }

  initialize(): void {}

  getState(): FeatureState {
    return { kind: 'static' };
  }

  clear(): void {}
}
