import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { CloudFormationInit, InitCommand, InitConfig, InitFile, InitPackage, InitService, InitSource, InitUser, ServiceManager } from 'aws-cdk-lib/aws-ec2';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import * as files from './gallery-files';
import { bundleServer } from './server-bundle';

/** The front end that the example apps share. */
const WEB = join(__dirname, '..', 'web');
const AGENT_CONFIGURATION = '/etc/gallery/cloudwatch-agent.json';

export interface GalleryInitOptions {
  readonly environment: Readonly<Record<string, string | number>>;
  readonly maxUploadBytes: number;
  readonly logs: { readonly server: ILogGroup; readonly web: ILogGroup };
}

/** How the instance becomes the gallery, in this order. It counts as created when the page's server answers through nginx. */
export function galleryInit(scope: Construct, { environment, maxUploadBytes, logs }: GalleryInitOptions): CloudFormationInit {
  // Not by InitSource.fromAsset, which takes no notice of bundling.
  const server = new Asset(scope, 'Server', {
    path: join(__dirname, 'server'),
    assetHashType: AssetHashType.OUTPUT,
    // Bundled by this process. CDK asks for an image all the same, for machines where that is not possible.
    bundling: { image: DockerImage.fromRegistry('unused'), local: { tryBundle: (folder) => (bundleServer(WEB, folder), true) } },
  });
  const service = (name: string) => InitService.enable(name, { serviceManager: ServiceManager.SYSTEMD });
  const configs = {
    install: new InitConfig([
      ...['nodejs24', 'nginx', 'amazon-cloudwatch-agent', 'logrotate'].map((name) => InitPackage.yum(name)),
      InitUser.fromName(files.USER),
    ]),
    configure: new InitConfig([
      InitSource.fromS3Object(files.SERVER_FOLDER, server.bucket, server.s3ObjectKey),
      InitFile.fromString(files.ENVIRONMENT_FILE, files.environmentFile(environment), { mode: '000600' }),
      InitFile.fromString('/etc/systemd/system/gallery.service', files.serviceUnit()),
      InitFile.fromString('/etc/logrotate.d/gallery', files.logRotation()),
      InitFile.fromString('/etc/nginx/nginx.conf', files.nginxConfiguration(maxUploadBytes)),
      InitFile.fromObject(AGENT_CONFIGURATION, files.agentConfiguration(logs)),
      InitCommand.argvCommand(['mkdir', '-p', files.SERVER_LOG_FOLDER], { key: '1-log-folder' }),
      InitCommand.argvCommand(['chmod', '-R', 'a+rX', files.SERVER_FOLDER], { key: '2-readable' }),
      InitCommand.argvCommand(['/usr/sbin/nginx', '-t'], { key: '3-nginx-configuration' }),
    ]),
    start: new InitConfig([service('gallery'), service('nginx')]),
    watch: new InitConfig([
      InitCommand.argvCommand([
        '/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl', '-a', 'fetch-config', '-m', 'ec2', '-s', '-c', `file:${AGENT_CONFIGURATION}`,
      ], { key: '1-agent' }),
      InitCommand.argvCommand([
        'curl', '--fail', '--silent', '--show-error', '--output', '/dev/null', '--retry', '30', '--retry-delay', '2', '--retry-connrefused',
        `http://127.0.0.1${files.HEALTH_PATH}`,
      ], { key: '2-health' }),
    ]),
  };
  return CloudFormationInit.fromConfigSets({ configSets: { default: Object.keys(configs) }, configs });
}
