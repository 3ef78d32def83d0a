import { Component } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';

/** `npm run demo`: the main job on this machine, on embedded services. */
export class LocalRun extends Component {
  constructor(project: AwsCdkConstructLibrary) {
    super(project);
    project.addTask('demo', {
      description: 'Runs the pipeline on this machine: examples/minimal on embedded S3, DynamoDB and SQS',
      exec: 'tsx examples/local/demo.ts',
      receiveArgs: true,
    });
  }
}
