import { Stack } from 'aws-cdk-lib';
import { IEventBus, OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { Grant, IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EventsConfig, FinalStatus, IMAGE_EVENT_SOURCE, IMAGE_EVENT_TYPES } from '../contract';

export interface ImageEventsParts {
  readonly role: IRole;
  readonly pipelineName: string;
  readonly eventBus?: IEventBus;
}

/** The events that the function puts on a bus, once somebody asked for them. */
export class ImageEvents {
  private isOn = false;

  constructor(private readonly scope: Construct, private readonly parts: ImageEventsParts) {}

  /** What the handler is told. */
  public get config(): EventsConfig | undefined {
    return this.isOn ? { bus: this.parts.eventBus?.eventBusArn ?? 'default' } : undefined;
  }

  public switchOn(): void {
    if (this.isOn) return;
    this.isOn = true;
    const { role, eventBus } = this.parts;
    const bus = eventBus?.eventBusArn ?? Stack.of(this.scope).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' });
    Grant.addToPrincipal({ grantee: role, actions: ['events:PutEvents'], resourceArns: [bus] });
  }

  /** A rule for the events of one status. */
  public rule(id: string, status: FinalStatus, options: OnEventOptions): Rule {
    this.switchOn();
    const { ruleName, description, target, eventPattern, crossStackScope } = options;
    const rule = new Rule(crossStackScope ?? this.scope, id, { ruleName, description, eventPattern, eventBus: this.parts.eventBus });
    rule.addEventPattern({
      source: [IMAGE_EVENT_SOURCE],
      detailType: [IMAGE_EVENT_TYPES[status]],
      detail: { pipeline: [this.parts.pipelineName] },
    });
    rule.addTarget(target);
    return rule;
  }
}
