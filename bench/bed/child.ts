/** A child process of the bench's own that answers calls over IPC, so that doubles and loads do not share our event loop. */
import { type ChildProcess, fork } from 'node:child_process';

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

export interface Child {
  readonly pid: number;
  readonly ask: (method: string, argument?: unknown) => Promise<unknown>;
  readonly end: () => Promise<void>;
}

export type Answers = Readonly<Record<string, (argument: unknown) => unknown>>;

/** Starts a module that calls `answerCalls`. */
export const startChild = (module: URL, execArgv: readonly string[] = []): Child => {
  const child = fork(module, { serialization: 'advanced', execArgv: [...execArgv] });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let calls = 0;
  child.on('message', message => {
    if (!isReply(message)) return;
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error === undefined) call?.resolve(message.value);
    else call?.reject(new Error(message.error));
  });
  child.once('exit', code => {
    for (const { reject } of waiting.values()) reject(new Error(`${module.pathname} ended with ${code}`));
    waiting.clear();
  });
  return {
    pid: child.pid ?? 0,
    ask: (method, argument) =>
      new Promise((resolve, reject) => {
        calls += 1;
        waiting.set(calls, { resolve, reject });
        child.send({ id: calls, method, argument });
      }),
    end: async () => {
      child.kill('SIGKILL');
      await exited(child);
    },
  };
};

/** Called in the child: answers each call by the function of its name, and ends with the parent. */
export const answerCalls = (answers: Answers): void => {
  process.once('disconnect', () => process.exit());
  process.on(
    'message',
    async (message: { readonly id: number; readonly method: string; readonly argument: unknown }) => {
      const { id, method, argument } = message;
      try {
        const answer = answers[method];
        if (answer === undefined) throw new Error(`no such call: ${method}`);
        process.send?.({ id, value: await answer(argument) });
      } catch (error) {
        process.send?.({ id, error: String(error) });
      }
    },
  );
};

function isReply(message: unknown): message is Reply {
  return typeof message === 'object' && message !== null && 'id' in message && typeof message.id === 'number';
}

function exited(child: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
}
