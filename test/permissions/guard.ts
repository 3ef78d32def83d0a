import { HttpResponse } from '@smithy/protocol-http';
import { Account } from './account';
import { Input, rightsFor } from './sdk-calls';
import { Call, isAllowed } from './simulator';

interface GuardedClient {
  readonly middlewareStack: { add(middleware: (next: Next, context: HandlerContext) => Next, options: object): void };
}

type Next = (args: { readonly input: any }) => Promise<any>;

interface HandlerContext {
  readonly clientName?: string;
  readonly commandName?: string;
}

/** What happens in the middle of a run, just before a call. */
export type Interruption = () => Promise<void>;

/**
 * Puts a client under the policies of an account: every call is noted, and refused as AWS would refuse it.
 *
 * The embedded services check no rights, so this is what stands between them and the code under test.
 */
export class Guard {
  public readonly calls: Call[] = [];
  private interruptions: { readonly action: string; readonly run: Interruption }[] = [];

  public constructor(private readonly account: Account, private readonly principal: string) {}

  public protect(client: GuardedClient): void {
    client.middlewareStack.add((next, { clientName, commandName }) => async (args) => {
      const calls = this.note(commandName!, args.input);
      await this.interrupt(calls[0].action);
      if (!await this.allows(calls)) return { response: clientName === 'S3Client' ? S3_REFUSAL() : DYNAMODB_REFUSAL() };

      const answer = await next(args);
      return answer.response.statusCode === 404 && !await this.mayKnow(calls[0]) ? { response: S3_REFUSAL() } : answer;
    }, { step: 'deserialize', priority: 'low', name: 'guard' });
  }

  /** Whether AWS would take a request that was signed in the name of the role, whoever sends it. */
  public admits(command: string, input: Input): Promise<boolean> {
    return this.allows(this.note(command, input));
  }

  /** Runs something once, before the next call that takes this right. */
  public before(action: string, run: Interruption): void {
    this.interruptions.push({ action, run });
  }

  private note(command: string, input: Input): Call[] {
    const calls = rightsFor(this.account, command, input).map((right) => ({ principal: this.principal, ...right }));
    this.calls.push(...calls);
    return calls;
  }

  private async allows(calls: readonly Call[]): Promise<boolean> {
    const verdicts = await Promise.all(calls.map((call) => isAllowed(this.account, call)));
    return !verdicts.includes(false);
  }

  private async interrupt(action: string): Promise<void> {
    const due = this.interruptions.find((each) => each.action === action);
    this.interruptions = this.interruptions.filter((each) => each !== due);
    await due?.run();
  }

  /** S3 tells that an object is missing only to those who may list the whole bucket. */
  private async mayKnow({ action, resource }: Call): Promise<boolean> {
    if (action !== 's3:GetObject') return true;
    return isAllowed(this.account, { principal: this.principal, action: 's3:ListBucket', resource: resource.slice(0, resource.indexOf('/')) });
  }
}

const S3_REFUSAL = () => new HttpResponse({
  statusCode: 403,
  headers: { 'content-type': 'application/xml' },
  body: Buffer.from('<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>'),
});

const DYNAMODB_REFUSAL = () => new HttpResponse({
  statusCode: 400,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: Buffer.from('{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"not authorized"}'),
});
